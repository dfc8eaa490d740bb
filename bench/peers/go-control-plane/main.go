// Command go-control-plane is a peer of the bench `endpoint-change`: the snapshot cache of envoyproxy/go-control-plane,
// used as its documentation shows, behind the same requests. It is told on stdin what to do, one JSON object a line, and
// answers on stdout: bench/src/endpoint-change/messages.ts has them.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	cluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	endpoint "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	discovery "github.com/envoyproxy/go-control-plane/envoy/service/discovery/v3"
	"github.com/envoyproxy/go-control-plane/pkg/cache/types"
	"github.com/envoyproxy/go-control-plane/pkg/cache/v3"
	"github.com/envoyproxy/go-control-plane/pkg/resource/v3"
	"github.com/envoyproxy/go-control-plane/pkg/server/v3"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
)

// All proxies see the same: one node of the cache.
const everyone = "everyone"

type oneNode struct{}

func (oneNode) ID(*core.Node) string { return everyone }

type encoded struct {
	Type  string `json:"type"`
	Value []byte `json:"value"`
}

type command struct {
	Kind      string    `json:"kind"`
	Resources []encoded `json:"resources"`
	Clients   int64     `json:"clients"`
}

type answer struct {
	Kind         string  `json:"kind"`
	ElapsedMs    float64 `json:"elapsedMs"`
	CPUMs        float64 `json:"cpuMs"`
	RSSBytes     int64   `json:"rssBytes"`
	PushedBytes  int64   `json:"pushedBytes"`
	Acknowledged int64   `json:"acknowledged"`
}

// Acknowledgements are counted where a control plane learns of them: at the request that carries them.
type peer struct {
	cache   cache.SnapshotCache
	version int
	current map[string]map[string]types.Resource
	acks    atomic.Int64
	pushed  atomic.Int64
	reached chan struct{}
	goal    atomic.Int64
}

func (p *peer) onRequest(_ int64, request *discovery.DeltaDiscoveryRequest) error {
	if request.GetResponseNonce() == "" {
		return nil
	}
	if p.acks.Add(1) == p.goal.Load() {
		p.reached <- struct{}{}
	}
	return nil
}

func (p *peer) onResponse(_ int64, _ *discovery.DeltaDiscoveryRequest, response *discovery.DeltaDiscoveryResponse) {
	p.pushed.Add(int64(proto.Size(response)))
}

func (p *peer) put(resources []encoded) error {
	for _, one := range resources {
		var message types.Resource
		switch one.Type {
		case resource.ClusterType:
			message = &cluster.Cluster{}
		case resource.EndpointType:
			message = &endpoint.ClusterLoadAssignment{}
		case resource.ListenerType:
			message = &listener.Listener{}
		default:
			return fmt.Errorf("not served by this peer: %s", one.Type)
		}
		if err := proto.Unmarshal(one.Value, message); err != nil {
			return err
		}
		if p.current[one.Type] == nil {
			p.current[one.Type] = map[string]types.Resource{}
		}
		p.current[one.Type][cache.GetResourceName(message)] = message
	}
	return nil
}

func (p *peer) publish() error {
	p.version++
	byType := map[resource.Type][]types.Resource{}
	for kind, resources := range p.current {
		for _, one := range resources {
			byType[kind] = append(byType[kind], one)
		}
	}
	snapshot, err := cache.NewSnapshot(strconv.Itoa(p.version), byType)
	if err != nil {
		return err
	}
	return p.cache.SetSnapshot(context.Background(), everyone, snapshot)
}

func cpuMs() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e6
}

func rssBytes() int64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	pages, _ := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
	return pages * int64(os.Getpagesize())
}

// Does something and answers when so many more acknowledgements have come.
func (p *peer) measured(kind string, acknowledgements int64, act func() error) (answer, error) {
	p.pushed.Store(0)
	p.acks.Store(0)
	p.goal.Store(acknowledgements)
	start, before := time.Now(), cpuMs()
	if err := act(); err != nil {
		return answer{}, err
	}
	<-p.reached
	return answer{
		Kind:         kind,
		ElapsedMs:    float64(time.Since(start).Microseconds()) / 1e3,
		CPUMs:        cpuMs() - before,
		RSSBytes:     rssBytes(),
		PushedBytes:  p.pushed.Load(),
		Acknowledged: p.acks.Load(),
	}, nil
}

func run() error {
	p := &peer{
		cache:   cache.NewSnapshotCache(true, oneNode{}, nil),
		current: map[string]map[string]types.Resource{},
		reached: make(chan struct{}, 1),
	}
	callbacks := server.CallbackFuncs{StreamDeltaRequestFunc: p.onRequest, StreamDeltaResponseFunc: p.onResponse}
	transport := grpc.NewServer(grpc.MaxConcurrentStreams(1_000_000))
	discovery.RegisterAggregatedDiscoveryServiceServer(transport, server.NewServer(context.Background(), p.cache, callbacks))
	socket, err := net.Listen("unix", os.Args[1])
	if err != nil {
		return err
	}
	go func() {
		if err := transport.Serve(socket); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}()

	out := json.NewEncoder(os.Stdout)
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return nil
		}
		var told command
		if err := json.Unmarshal(line, &told); err != nil {
			return err
		}
		var result answer
		switch told.Kind {
		case "load":
			if err := p.put(told.Resources); err != nil {
				return err
			}
			if err := p.publish(); err != nil {
				return err
			}
			result = answer{Kind: "ready", RSSBytes: rssBytes()}
		case "awaitInitial":
			// Clusters, listeners and endpoints of each client.
			result, err = p.measured("initial", 3*told.Clients, func() error { return out.Encode(answer{Kind: "go"}) })
		case "change":
			result, err = p.measured("changed", told.Clients, func() error {
				if err := p.put(told.Resources); err != nil {
					return err
				}
				return p.publish()
			})
		}
		if err != nil {
			return err
		}
		if err := out.Encode(result); err != nil {
			return err
		}
	}
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
