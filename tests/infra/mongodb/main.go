// Runs FerretDB on SQLite behind a door that lets one change through at a time.
//
// FerretDB finds the documents of an update in memory and then writes them by their _id: two updates that
// expect the same version of a document can both succeed, which MongoDB never lets happen. Behind the door
// they come one after the other, so that they behave as on MongoDB.
//
//	mongodb LISTEN FERRETDB FOLDER [USER PASSWORD]
package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

func main() {
	// The kernel ends FerretDB with the thread that started it: this one, which stays.
	runtime.LockOSThread()
	if len(os.Args) != 4 && len(os.Args) != 6 {
		fail("expected LISTEN FERRETDB FOLDER [USER PASSWORD]")
	}
	listen, program, folder := os.Args[1], os.Args[2], os.Args[3]
	inner := filepath.Join(folder, "socket")
	os.Remove(inner) // of a run that was killed

	door, err := net.Listen("tcp", listen)
	if err != nil {
		fail("cannot listen: %v", err)
	}
	ended := make(chan error, 1)
	server := start(program, inner, folder, os.Args[4:])
	go func() { ended <- server.Wait() }()
	if err := await(inner, ended); err != nil {
		fail("FerretDB did not start: %v", err)
	}
	go serve(door, inner)

	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM, syscall.SIGINT)
	select {
	case err := <-ended:
		fail("FerretDB ended: %v", err)
	case <-asked:
		door.Close()
		server.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(10 * time.Second): // it waits for clients that stay connected
			server.Process.Kill()
		}
	}
}

func start(program, inner, folder string, account []string) *exec.Cmd {
	arguments := []string{"--handler=sqlite", "--sqlite-url=file:" + folder + "/", "--state-dir=" + folder,
		"--listen-addr=", "--listen-unix=" + inner, "--debug-addr=-", "--telemetry=disable", "--log-level=warn"}
	environment := os.Environ()
	if len(account) == 2 {
		arguments = append(arguments, "--test-enable-new-auth", "--setup-database=admin", "--setup-username="+account[0])
		environment = append(environment, "FERRETDB_SETUP_PASSWORD="+account[1])
	}
	server := exec.Command(program, arguments...)
	server.Stdout, server.Stderr, server.Env = os.Stdout, os.Stderr, environment
	server.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := server.Start(); err != nil {
		fail("cannot run FerretDB: %v", err)
	}
	return server
}

// Waits until FerretDB takes connections.
func await(inner string, ended <-chan error) error {
	for until := time.Now().Add(60 * time.Second); time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
		select {
		case err := <-ended:
			return fmt.Errorf("it ended: %v", err)
		default:
		}
		if connection, err := net.Dial("unix", inner); err == nil {
			connection.Close()
			return nil
		}
	}
	return fmt.Errorf("no socket after a minute")
}

func fail(format string, values ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", values...)
	os.Exit(1)
}
