// The script of the page "play".
