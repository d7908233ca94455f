package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
)

// What a command needs before it may go to the server.
type turn int

const (
	exclusive turn = iota // everything that is not named below
	shared                // reads
	none                  // says nothing about documents; may wait for long, as a hello does
)

var turns = map[string]turn{
	"hello": none, "isMaster": none, "ismaster": none, "ping": none, "buildInfo": none, "buildinfo": none,
	"saslStart": none, "saslContinue": none, "endSessions": none, "connectionStatus": none, "whatsmyuri": none,
	"find": shared, "getMore": shared, "count": shared, "distinct": shared, "listIndexes": shared,
	"listCollections": shared, "listDatabases": shared, "dbStats": shared, "collStats": shared, "killCursors": shared,
}

var documents sync.RWMutex

func serve(door net.Listener, inner string) {
	for {
		client, err := door.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil {
			go pass(client, inner)
		}
	}
}

// One client's connection, which has one of its own to the server, where it stays signed in.
func pass(client net.Conn, inner string) {
	defer client.Close()
	server, err := net.Dial("unix", inner)
	if err != nil {
		return
	}
	defer server.Close()
	requests, replies := bufio.NewReader(client), bufio.NewReader(server)
	for {
		request, err := read(requests)
		if err != nil {
			return
		}
		answer, err := exchange(request, server, replies, client)
		if err != nil {
			return
		}
		if _, err := client.Write(answer); err != nil {
			return
		}
	}
}

// Sends the request when it is its turn; gives the (last) reply. The turn ends with the server's reply, not
// with the client's taking it.
func exchange(request message, server net.Conn, replies *bufio.Reader, client net.Conn) ([]byte, error) {
	switch turns[request.command()] {
	case shared:
		documents.RLock()
		defer documents.RUnlock()
	case exclusive:
		documents.Lock()
		defer documents.Unlock()
	}
	if _, err := server.Write(request); err != nil {
		return nil, err
	}
	if request.moreToCome() { // unacknowledged: no reply comes
		return nil, nil
	}
	for {
		reply, err := read(replies)
		if err != nil || !reply.moreToCome() {
			return reply, err
		}
		if _, err := client.Write(reply); err != nil {
			return nil, err
		}
	}
}

// A message of MongoDB's wire protocol: length, id, the id that it answers, its kind (each four bytes, little
// endian), then what the kind says.
type message []byte

const (
	headSize   = 16
	maxMessage = 48_000_000
	kindQuery  = 2004
	kindMsg    = 2013
)

func read(from *bufio.Reader) (message, error) {
	head := make([]byte, headSize)
	if _, err := io.ReadFull(from, head); err != nil {
		return nil, err
	}
	size := binary.LittleEndian.Uint32(head)
	if size < headSize || size > maxMessage {
		return nil, errors.New("no message of MongoDB's protocol")
	}
	whole := make(message, size)
	copy(whole, head)
	_, err := io.ReadFull(from, whole[headSize:])
	return whole, err
}

func (m message) kind() uint32 { return binary.LittleEndian.Uint32(m[12:]) }

// Another message follows without being asked for; a request with this has no reply.
func (m message) moreToCome() bool {
	return m.kind() == kindMsg && len(m) >= headSize+4 && binary.LittleEndian.Uint32(m[headSize:])&2 != 0
}

// The name of the command: the first of the body's members. Empty if it cannot be read.
func (m message) command() string {
	switch m.kind() {
	case kindQuery: // only the first hello of an old driver
		return "isMaster"
	case kindMsg:
		return firstMember(m.body())
	}
	return ""
}

// The document of the section of kind 0; those of kind 1 are lists of documents beside it.
func (m message) body() []byte {
	for rest := []byte(m[min(len(m), headSize+4):]); len(rest) > 5; {
		if rest[0] == 0 {
			return rest[1:]
		}
		size := uint64(binary.LittleEndian.Uint32(rest[1:])) + 1
		if size < 5 || size > uint64(len(rest)) {
			return nil
		}
		rest = rest[size:]
	}
	return nil
}

func firstMember(document []byte) string {
	const nameAt = 5 // after the document's size and the member's type
	for i := nameAt; i < len(document); i++ {
		if document[i] == 0 {
			return string(document[nameAt:i])
		}
	}
	return ""
}
