package checks

import (
	"fmt"
	"slices"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// farAway is a round trip that people feel. The far side of the world is 300 ms away; a
// satellite in geostationary orbit adds 550 ms.
const farAway = evidence.Millis(500)

// slowLink is MM107: everything works, and every answer takes long to come.
var slowLink = Check{Code: "MM107", Stage: StageTCP, Severity: Warning, Run: func(e *evidence.Evidence) []Finding {
	var trips []evidence.Millis
	for i := range e.Sessions {
		for _, d := range e.Sessions[i].Dials {
			if d.Step.Done() {
				trips = append(trips, d.Step.Took)
			}
		}
	}
	if len(trips) < 2 {
		return nil
	}
	slices.Sort(trips)
	middle := trips[(len(trips)-1)/2] // of two the quicker: one lost packet is no slow line
	if middle < farAway {
		return nil
	}
	return []Finding{{
		Text:  say.With("Every answer takes about %.1f seconds to come. Opening a folder needs several answers, so a mail program feels slow or gives up.", float64(middle)/1000),
		Facts: []Fact{{Stage: StageTCP, Text: say.With("%d connections took %d to %d ms each, half of them %d ms or more", len(trips), trips[0], trips[len(trips)-1], middle)}},
		Advice: []say.Text{
			"Stop downloads and video calls that use the same line, and go nearer to the Wi-Fi router.",
			"In your mail program, raise the time limit for connections to 60 seconds or more, and let it check for mail less often.",
		},
		Params: map[string]string{"round_trip_ms": fmt.Sprint(middle)},
	}}
}}
