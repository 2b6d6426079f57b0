// The script of the page "share".
