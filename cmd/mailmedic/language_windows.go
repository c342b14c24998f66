package main

import "golang.org/x/sys/windows"

// systemLanguage is the first of the languages in which the user wants to see Windows.
func systemLanguage() string {
	preferred, err := windows.GetUserPreferredUILanguages(windows.MUI_LANGUAGE_NAME)
	if err != nil || len(preferred) == 0 {
		return ""
	}
	return preferred[0]
}
