// The theme that was chosen here, before anything is painted.
try {
  const chosen = localStorage.getItem("theme");
  if (chosen) document.documentElement.dataset.theme = chosen;
} catch { /* storage is refused: the theme of the system it is */ }
