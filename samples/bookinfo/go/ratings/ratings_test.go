package main

import (
	"net/http/httptest"
	"testing"
	"time"
)

func TestTheSwitchingVersionsFollowTheClock(t *testing.T) {
	cases := []struct {
		version                         string
		after                           time.Duration
		wantHealthStatus, wantGetStatus int
	}{
		{"v-unavailable", 59 * time.Second, 200, 200},
		{"v-unavailable", 60 * time.Second, 200, 503},
		{"v-unavailable", 120 * time.Second, 200, 200},
		{"v-unhealthy", 14 * time.Minute, 200, 200},
		{"v-unhealthy", 15 * time.Minute, 500, 503},
		{"v-unhealthy", 30 * time.Minute, 200, 200},
	}
	for _, c := range cases {
		now := time.Unix(0, 0)
		service := newRatings(c.version, func() time.Time { return now }, func() float64 { return 0.9 })
		now = now.Add(c.after)
		if got := status(service, "/health"); got != c.wantHealthStatus {
			t.Errorf("%s after %s: health %d, want %d", c.version, c.after, got, c.wantHealthStatus)
		}
		if got := status(service, "/ratings/0"); got != c.wantGetStatus {
			t.Errorf("%s after %s: ratings %d, want %d", c.version, c.after, got, c.wantGetStatus)
		}
	}
}

func TestTheFaultyVersionRefusesHalfOfTheRequests(t *testing.T) {
	chance := 0.0
	service := newRatings("v-faulty", time.Now, func() float64 { return chance })
	for value, want := range map[float64]int{0.49: 503, 0.5: 200} {
		chance = value
		if got := status(service, "/ratings/0"); got != want {
			t.Errorf("chance %v: %d, want %d", value, got, want)
		}
	}
}

func status(service *ratings, path string) int {
	recorder := httptest.NewRecorder()
	service.ServeHTTP(recorder, httptest.NewRequest("GET", path, nil))
	return recorder.Code
}
