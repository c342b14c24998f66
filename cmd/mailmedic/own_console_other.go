//go:build !windows

package main

// ownConsole is for Windows: elsewhere a double click opens no window of its own.
func ownConsole() bool { return false }
