package main

import "os"

// resizes never tells: Windows has no signal for it. The next time that the seconds are
// counted, the screen is asked anyway.
func resizes() (changed <-chan os.Signal, stop func()) { return nil, func() {} }
