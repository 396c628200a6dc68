"""The panel: a page over the control API and nothing else. Plain HTML, CSS and JavaScript, served as they are."""
