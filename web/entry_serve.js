// The script of the page "serve".
