package main

import "golang.org/x/term"

// readHidden reads a line of a console while nothing of what is typed appears.
func readHidden(fd int) ([]byte, error) { return term.ReadPassword(fd) }
