package main

import (
	"net"
	"net/http"
	"sync"
)

// freshConnections are those that never sent a request. Shutdown would wait five seconds for one.
type freshConnections struct {
	mutex       sync.Mutex
	leaving     bool
	connections map[net.Conn]bool
}

func trackFresh(server *http.Server) *freshConnections {
	fresh := &freshConnections{connections: map[net.Conn]bool{}}
	server.ConnState = func(connection net.Conn, state http.ConnState) {
		fresh.mutex.Lock()
		defer fresh.mutex.Unlock()
		if state != http.StateNew {
			delete(fresh.connections, connection)
		} else if fresh.leaving {
			connection.Close()
		} else {
			fresh.connections[connection] = true
		}
	}
	return fresh
}

func (fresh *freshConnections) close() {
	fresh.mutex.Lock()
	defer fresh.mutex.Unlock()
	fresh.leaving = true
	for connection := range fresh.connections {
		connection.Close()
	}
}
