package say

import "time"

// Date is a day with the name of its month in full: 2 January 2006.
func Date(t time.Time) Text { return With("%d %s %d", t.Day(), month(t), t.Year()) }

// Day is a day in short: 2 Jan 2006.
func Day(t time.Time) Text {
	short := []Text{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}
	return With("%d %s %d", t.Day(), short[t.Month()-1], t.Year())
}

// DayMonth is a day of the present year: 2 January.
func DayMonth(t time.Time) Text { return With("%d %s", t.Day(), month(t)) }

// Minute is a point in time with its zone: 2 Jan 2006 15:04 +02:00.
func Minute(t time.Time) Text { return With("%s %s", Day(t), t.Format("15:04 -07:00")) }

func month(t time.Time) Text {
	return []Text{
		"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December",
	}[t.Month()-1]
}
