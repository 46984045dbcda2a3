"""Words of incident.io's feeds in the languages that its pages are served in.

Feeds carry the word that the page shows, not the one of the API. Portuguese was seen in feeds (checked 2026-11); the
others are the usual words of the trade. One that is missing gives `unknown`, is named in `Snapshot.problems` and kept
as the raw word. Keys are folded (`reading.fold_word`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from statuswire.model import Phase, Status
from statuswire.platforms.reading import fold_word
from statuswire.platforms.words import COMPONENT_WORDS, PHASE_WORDS

_Meaning = TypeVar("_Meaning")


def _folded(words: Mapping[_Meaning, tuple[str, ...]], common: Mapping[str, _Meaning]) -> dict[str, _Meaning]:
    own = {fold_word(word): meaning for meaning, listed in words.items() for word in listed}
    return {**common, **own}


LOCAL_PHASES: dict[str, Phase] = _folded(
    {
        Phase.INVESTIGATING: (
            "em investigação", "investigando", "investigação", "en investigación", "investigación",
            "enquête en cours", "en cours d'investigation", "investigation en cours", "analyse en cours",
            "untersuchung", "wird untersucht", "in untersuchung", "in prüfung",
            "indagine in corso", "in fase di indagine", "in esame", "onderzoek", "in onderzoek", "wordt onderzocht",
            "undersöker", "utreds", "undersøger", "undersøkes", "tutkitaan", "badanie", "w trakcie badania",
            "調査中", "调查中", "正在调查", "조사 중",
        ),
        Phase.IDENTIFIED: (
            "identificado", "identificada", "identifié", "identifiée", "identifiziert", "identificato",
            "geïdentificeerd", "identifierad", "identifierat", "identificeret", "identifisert", "tunnistettu",
            "zidentyfikowano", "特定済み", "原因特定", "已确认", "已识别", "확인됨",
        ),
        Phase.MONITORING: (
            "monitorando", "em monitoramento", "monitoramento", "a monitorizar", "monitoreando", "supervisando",
            "en seguimiento", "en observación", "surveillance", "sous surveillance", "surveillance en cours",
            "überwachung", "wird überwacht", "in überwachung", "wird beobachtet", "monitoraggio", "in monitoraggio",
            "in fase di monitoraggio", "monitoren", "wordt gemonitord", "övervakar", "övervakas", "overvåger",
            "overvåkes", "seurataan", "monitorowanie", "監視中", "监控中", "監控中", "모니터링 중",
        ),
        Phase.RESOLVED: (
            "resolvido", "resolvida", "resuelto", "resuelta", "résolu", "résolue", "gelöst", "behoben", "risolto",
            "risolta", "opgelost", "löst", "åtgärdat", "løst", "ratkaistu", "rozwiązano", "rozwiązane",
            "解決済み", "解決", "已解决", "已解決", "해결됨",
        ),
        Phase.SCHEDULED: (
            "agendado", "agendada", "programado", "programada", "planifié", "planifiée", "programmé", "geplant",
            "programmato", "programmata", "gepland", "planerad", "planlagt", "suunniteltu", "zaplanowano",
            "maintenance scheduled", "manutenção agendada", "manutenção programada", "mantenimiento programado",
            "maintenance planifiée", "wartung geplant", "manutenzione programmata", "onderhoud gepland",
            "予定", "メンテナンス予定", "计划中", "已计划", "예정됨",
        ),
        Phase.IN_PROGRESS: (
            "em andamento", "em curso", "en curso", "en progreso", "en cours", "in bearbeitung", "läuft",
            "in corso", "bezig", "pågår", "i gang", "pågående", "käynnissä", "w toku",
            "maintenance in progress", "manutenção em andamento", "mantenimiento en curso", "maintenance en cours",
            "wartung läuft", "manutenzione in corso", "onderhoud bezig",
            "進行中", "メンテナンス中", "进行中", "진행 중",
        ),
        Phase.COMPLETED: (
            "concluído", "concluída", "completado", "completada", "finalizado", "terminé", "terminée", "achevé",
            "abgeschlossen", "beendet", "completato", "completata", "voltooid", "slutförd", "fuldført", "fullført",
            "valmis", "zakończono", "maintenance complete", "maintenance completed", "manutenção concluída",
            "mantenimiento completado", "maintenance terminée", "wartung abgeschlossen", "manutenzione completata",
            "onderhoud voltooid", "完了", "メンテナンス完了", "已完成", "완료됨",
        ),
    },
    PHASE_WORDS,
)  # fmt: skip
"""Phases, beside the English words."""

LOCAL_LEVELS: dict[str, Status] = _folded(
    {
        Status.OPERATIONAL: (
            "operativo", "operativa", "operacional", "em operação", "funcionando", "opérationnel", "opérationnelle",
            "betriebsbereit", "in betrieb", "funktionsfähig", "operationeel", "operationell", "i drift", "driftklar",
            "toiminnassa", "działa", "działający", "稼働中", "正常", "正常运行", "運行中", "정상",
        ),
        Status.DEGRADED: (
            "desempenho degradado", "performance degradada", "desempenho reduzido", "rendimiento degradado",
            "rendimiento reducido", "performances dégradées", "performance dégradée", "beeinträchtigte leistung",
            "eingeschränkte leistung", "leistungsminderung", "prestazioni degradate", "prestazioni ridotte",
            "verminderde prestaties", "verslechterde prestaties", "försämrad prestanda", "nedsat ydeevne",
            "redusert ytelse", "heikentynyt suorituskyky", "obniżona wydajność",
            "パフォーマンス低下", "性能低下", "性能下降", "성능 저하",
        ),
        Status.PARTIAL_OUTAGE: (
            "interrupção parcial", "indisponibilidade parcial", "falha parcial", "interrupción parcial",
            "corte parcial", "panne partielle", "interruption partielle", "teilausfall", "teilweiser ausfall",
            "interruzione parziale", "gedeeltelijke storing", "gedeeltelijke uitval", "delvis avbrott",
            "delvist nedbrud", "delvis utfall", "osittainen katkos", "częściowa awaria",
            "一部障害", "部分的な停止", "部分中断", "部分故障", "부분 중단",
        ),
        Status.MAJOR_OUTAGE: (
            "interrupção total", "interrupção completa", "indisponibilidade total", "falha total",
            "interrupción total", "interrupción completa", "corte total", "panne totale", "panne complète",
            "interruption totale", "totalausfall", "vollständiger ausfall", "komplettausfall", "schwerer ausfall",
            "interruzione totale", "interruzione completa", "volledige storing", "volledige uitval",
            "fullständigt avbrott", "totalt nedbrud", "fullstendig utfall", "täydellinen katkos", "całkowita awaria",
            "全面障害", "完全停止", "全面中断", "完全中断", "전체 중단",
        ),
        Status.MAINTENANCE: (
            "em manutenção", "manutenção", "en mantenimiento", "mantenimiento", "en maintenance", "in wartung",
            "wartung", "wartungsarbeiten", "in manutenzione", "manutenzione", "in onderhoud", "onderhoud",
            "under underhåll", "underhåll", "under vedligeholdelse", "under vedlikehold", "huollossa",
            "w trakcie konserwacji", "konserwacja", "メンテナンス中", "维护中", "維護中", "점검 중",
        ),
    },
    COMPONENT_WORDS,
)  # fmt: skip
"""Levels of components, beside the English words."""

COMPONENT_HEADINGS = frozenset(
    fold_word(words)
    for words in (
        "affected components", "componentes afetados", "componentes afectados", "composants affectés",
        "composants concernés", "betroffene komponenten", "componenti interessati", "componenti interessate",
        "getroffen componenten", "påverkade komponenter", "berørte komponenter", "影響を受けるコンポーネント",
        "受影响的组件", "영향을 받는 구성 요소",
    )
)  # fmt: skip
"""What stands above the list of components."""

STATUS_HEADINGS = frozenset(
    fold_word(words)
    for words in (
        "status", "estado", "situação", "statut", "état", "stato", "tila", "ステータス", "状态", "狀態", "상태",
    )
)  # fmt: skip
"""What stands before the colon of the first line."""
