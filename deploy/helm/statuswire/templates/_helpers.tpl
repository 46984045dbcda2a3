{{- define "statuswire.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{- define "statuswire.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "statuswire.labels" -}}
{{ include "statuswire.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "statuswire.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "statuswire.name" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end }}

{{- define "statuswire.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end }}

{{- define "statuswire.isShared" -}}
{{- if eq .Values.database.kind "postgresql" }}true{{ end -}}
{{- end }}

{{/* Asked by the name that every configuration answers to: by default it would be the address of the pod. */}}
{{- define "statuswire.probe" -}}
httpGet:
  path: {{ . }}
  port: http
  httpHeaders: [{name: Host, value: localhost}]
{{- end }}

{{/* The pod, of the StatefulSet and of the Deployment alike. */}}
{{- define "statuswire.pod" -}}
metadata:
  annotations:
    checksum/config: {{ include (print $.Template.BasePath "/configmap.yaml") . | sha256sum }}
    {{- with .Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  labels:
    {{- include "statuswire.labels" . | nindent 4 }}
    {{- with .Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "statuswire.serviceAccount" . }}
  automountServiceAccountToken: false
  # Variables of other services are of no use, and those of our own would look like settings.
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile: {type: RuntimeDefault}
  {{- with .Values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  {{- with .Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  containers:
    - name: statuswire
      image: {{ include "statuswire.image" . }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      args: [run]
      env:
        - {name: STATUSWIRE_CONFIG, value: /etc/statuswire/statuswire.yaml}
        - {name: STATUSWIRE_SERVER__HOST, value: 0.0.0.0}
        - {name: STATUSWIRE_SERVER__PORT, value: "8000"}
        {{- if include "statuswire.isShared" . }}
        - {name: STATUSWIRE_DATABASE_FILE, value: /run/secrets/statuswire/database}
        {{- else }}
        - {name: STATUSWIRE_DATABASE, value: "sqlite:////data/statuswire.db"}
        {{- end }}
        {{- if .Values.redis.existingSecret }}
        - {name: STATUSWIRE_REDIS_FILE, value: /run/secrets/statuswire/redis}
        {{- end }}
        {{- with .Values.roles }}
        - {name: STATUSWIRE_ROLES, value: {{ toJson . | quote }}}
        {{- end }}
      {{- with .Values.secretVariables }}
      envFrom:
        - secretRef: {name: {{ . }}}
      {{- end }}
      ports:
        - {name: http, containerPort: 8000, protocol: TCP}
      # An older database is brought forward first, which may take minutes.
      startupProbe:
        {{- include "statuswire.probe" "/health/live" | nindent 8 }}
        periodSeconds: 2
        timeoutSeconds: 5
        failureThreshold: 300
      livenessProbe:
        {{- include "statuswire.probe" "/health/live" | nindent 8 }}
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 3
      readinessProbe:
        {{- include "statuswire.probe" "/health" | nindent 8 }}
        periodSeconds: 3
        timeoutSeconds: 6
        failureThreshold: 2
      resources:
        {{- toYaml .Values.resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
      volumeMounts:
        - {name: config, mountPath: /etc/statuswire, readOnly: true}
        - {name: data, mountPath: /data}
        - {name: tmp, mountPath: /tmp}
        {{- if or (include "statuswire.isShared" .) .Values.redis.existingSecret }}
        - {name: addresses, mountPath: /run/secrets/statuswire, readOnly: true}
        {{- end }}
        {{- if .Values.secretFiles }}
        - {name: more, mountPath: /run/secrets/more, readOnly: true}
        {{- end }}
  volumes:
    - name: config
      configMap: {name: {{ include "statuswire.name" . }}}
    - name: tmp
      emptyDir: {sizeLimit: 64Mi}
    {{- if include "statuswire.isShared" . }}
    - name: data
      emptyDir: {sizeLimit: 64Mi}
    {{- end }}
    {{- if or (include "statuswire.isShared" .) .Values.redis.existingSecret }}
    - name: addresses
      projected:
        defaultMode: 0440
        sources:
          {{- if include "statuswire.isShared" . }}
          - secret:
              name: {{ required "database.postgresql.existingSecret is needed: the Secret with the address" .Values.database.postgresql.existingSecret }}
              items: [{key: {{ .Values.database.postgresql.key }}, path: database}]
          {{- end }}
          {{- with .Values.redis.existingSecret }}
          - secret:
              name: {{ . }}
              items: [{key: {{ $.Values.redis.key }}, path: redis}]
          {{- end }}
    {{- end }}
    {{- with .Values.secretFiles }}
    - name: more
      secret: {secretName: {{ . }}, defaultMode: 0440}
    {{- end }}
  {{- if include "statuswire.isShared" . }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: {{ .Values.topologyKey }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "statuswire.selector" . | nindent 10 }}
  {{- end }}
  {{- with .Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
