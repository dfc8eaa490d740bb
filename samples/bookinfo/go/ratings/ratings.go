package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	late              = 7 * time.Second
	unavailablePhase  = time.Minute
	unhealthyPhase    = 15 * time.Minute
	maxBodyBytes      = 64 << 10
	defaultRatings    = `{"Reviewer1":5,"Reviewer2":4}`
	numericIDExpected = "please provide numeric product ID"
)

var productID = regexp.MustCompile(`^-?[0-9]{1,15}$`)

// ratings keeps ratings by product id; its version says how it misbehaves.
type ratings struct {
	version string
	now     func() time.Time
	random  func() float64
	start   time.Time
	mutex   sync.Mutex
	stored  map[int64]json.RawMessage
}

func newRatings(version string, now func() time.Time, random func() float64) *ratings {
	return &ratings{version: version, now: now, random: random, start: now(), stored: map[int64]json.RawMessage{}}
}

func (service *ratings) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.EscapedPath()
	isRatings := path == "/ratings" || strings.HasPrefix(path, "/ratings/")
	reads := r.Method == http.MethodGet || r.Method == http.MethodHead
	switch {
	case path != "/health" && !isRatings:
		send(w, 404, `{"error":"not found"}`)
	case isRatings && !reads && r.Method != http.MethodPost:
		w.Header().Set("allow", "GET, HEAD, POST")
		send(w, 405, `{"error":"method not allowed"}`)
	case !isRatings && !reads:
		w.Header().Set("allow", "GET, HEAD")
		send(w, 405, `{"error":"method not allowed"}`)
	case !isRatings:
		service.health(w)
	case reads:
		service.get(w, strings.TrimPrefix(path, "/ratings/"))
	default:
		service.post(w, r, strings.TrimPrefix(path, "/ratings/"))
	}
}

func (service *ratings) health(w http.ResponseWriter) {
	if service.version == "v-unhealthy" && service.oddPhase(unhealthyPhase) {
		send(w, 500, `{"status":"Ratings is not healthy"}`)
		return
	}
	send(w, 200, `{"status":"Ratings is healthy"}`)
}

func (service *ratings) get(w http.ResponseWriter, text string) {
	id, ok := parseID(text)
	if !ok {
		sendError(w, 400, numericIDExpected)
		return
	}
	switch {
	case service.usesDatabase():
		sendError(w, 500, "could not connect to ratings database")
	case service.unavailable():
		sendError(w, 503, "Service unavailable")
	default:
		if service.version == "v-delayed" && service.random() < 0.5 {
			time.Sleep(late)
		}
		service.mutex.Lock()
		value, found := service.stored[id]
		service.mutex.Unlock()
		if !found {
			value = json.RawMessage(defaultRatings)
		}
		send(w, 200, fmt.Sprintf(`{"id":%d,"ratings":%s}`, id, value))
	}
}

func (service *ratings) post(w http.ResponseWriter, r *http.Request, text string) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBodyBytes+1))
	id, ok := parseID(text)
	if !ok {
		sendError(w, 400, numericIDExpected)
		return
	}
	var compact bytes.Buffer
	isObject := bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("{"))
	if err != nil || len(body) > maxBodyBytes || !isObject || json.Compact(&compact, body) != nil {
		sendError(w, 400, "please provide valid ratings JSON")
		return
	}
	if service.usesDatabase() {
		sendError(w, 501, "Post not implemented for database backed ratings")
		return
	}
	service.mutex.Lock()
	service.stored[id] = compact.Bytes()
	service.mutex.Unlock()
	send(w, 200, fmt.Sprintf(`{"id":%d,"ratings":%s}`, id, compact.Bytes()))
}

func (service *ratings) usesDatabase() bool {
	return service.version == "v2" || strings.HasPrefix(service.version, "v2-")
}

func (service *ratings) unavailable() bool {
	switch service.version {
	case "v-faulty":
		return service.random() < 0.5
	case "v-unavailable":
		return service.oddPhase(unavailablePhase)
	case "v-unhealthy":
		return service.oddPhase(unhealthyPhase)
	}
	return false
}

// oddPhase says whether an odd number of phases has passed since start: the switching versions need no timer.
func (service *ratings) oddPhase(phase time.Duration) bool {
	return (service.now().Sub(service.start)/phase)%2 == 1
}

func parseID(text string) (int64, bool) {
	if !productID.MatchString(text) {
		return 0, false
	}
	id, err := strconv.ParseInt(text, 10, 64)
	return id, err == nil
}

func sendError(w http.ResponseWriter, status int, message string) {
	send(w, status, fmt.Sprintf(`{"error":%q}`, message))
}

func send(w http.ResponseWriter, status int, body string) {
	w.Header().Set("content-type", "application/json")
	w.Header().Set("content-length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}
