package config

// Parse is Load of a text instead of a file.
var Parse = parse
