//go:build !windows

package main

// systemLanguage is that of the environment, which was asked before.
func systemLanguage() string { return "" }
