// Package engine drives state machines: it owns the clock, the chance, the goroutines and the order of things that
// asl/machine leaves out. It knows nothing of what a task does (Tasks) nor of how bytes reach the disk (Store).
//
// The rule that everything follows is: write, then act. What happens to an execution goes this way:
//
//  1. An event (a start, a task's result, a timer, a wish to stop) is put into the execution's mailbox.
//  2. One goroutine at a time owns the execution. It applies the waiting events to the machine, in order.
//  3. The applied events and the history they led to become one Write. The committer joins the writes of many
//     executions into one Store.Commit, one fsync.
//  4. Only when the commit has returned are commands carried out, callers answered and watchers woken.
//
// After a crash, Recover applies the stored events again and carries out the commands that had no answer yet. When a
// commit fails, nothing of it has happened: the engine takes no more work and tells every caller why.
//
//	e := engine.Open(store, tasks, engine.Options{})
//	defer e.Close()
//	record, err := e.Start(ctx, engine.StartRequest{StateMachineARN: arn, Definition: text, Input: "{}"})
//	record, err = e.Wait(ctx, record.ARN)
package engine
