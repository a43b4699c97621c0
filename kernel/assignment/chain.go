package assignment

const (
	chainLength  = 12 // jobs moved beside the first
	chainBreadth = 4  // jobs tried for the first hole
)

// descend applies ejection chains until none of the queued jobs starts one that
// improves.
func (w *walk) descend() {
	for len(w.queue) > 0 {
		// A job drawn at random, so that no order of the jobs is favoured.
		at := w.rng.IntN(len(w.queue))
		j := w.queue[at]
		w.queue[at] = w.queue[len(w.queue)-1]
		w.queue, w.queued[j] = w.queue[:len(w.queue)-1], false
		w.chain(j)
	}
}

// enqueue lets chains start from job j.
func (w *walk) enqueue(j int32) {
	if !w.queued[j] {
		w.queued[j] = true
		w.queue = append(w.queue, j)
	}
}

// enqueueAll lets chains start from every job.
func (w *walk) enqueueAll() {
	for j := range w.s.n {
		w.enqueue(int32(j))
	}
}

// closing is the best end of a chain found so far.
type closing struct {
	change float64
	job    int32 // that fills the last hole; -1: none, the chain is a shift
	hole   int32
	to     int32 // where the first job goes; -1: no end improves
}

// chain takes job first off its agent, fills the hole with a job of another agent,
// the hole it leaves with the next and so on, each the cheapest with the room it
// leaves unused or overfills, and puts the first job into the last hole (Yagiura,
// Ibaraki and Glover 2004). Of all ends on the way the best is taken, when it
// improves. Shifts and swaps are the chains of no and of one other job.
func (w *walk) chain(first int32) bool {
	s := w.s
	home := w.agent[first]
	base := -s.reduced[int(first)*s.m+int(home)] - w.weight(home, w.spare[home]) + w.capsChange(move{first, home, -1})
	w.relief = 0
	for _, c := range s.capsOf[home] {
		w.relief += s.capSlope[c.cap] * float64(s.p.Caps[c.cap].Use[c.row][first])
	}
	w.chains++
	w.put(first, -1)
	w.stamp[first] = w.chains
	best := closing{change: -1e-7, job: -1, hole: home, to: -1}
	w.shift(first, home, base, &best)
	var starts [chainBreadth]candidate
	for _, c := range starts[:w.scan(first, home, base, &best, starts[:])] {
		w.follow(first, home, c, &best)
		w.undo()
	}
	if best.to < 0 {
		w.put(first, home)
		return false
	}
	w.close(first, home, best)
	return true
}

// close makes the moves of the best end and lets chains start from all they touch.
func (w *walk) close(first, home int32, best closing) {
	touch := func(i int32) {
		for _, j := range w.jobs[i] {
			w.enqueue(j)
		}
	}
	if best.job >= 0 {
		for _, x := range w.kept {
			w.put(x.job, x.to)
			touch(x.to)
		}
		w.put(best.job, best.hole)
		touch(best.hole)
	}
	w.put(first, best.to)
	touch(best.to)
	touch(home)
}

// shift notes in best where the first job alone may go.
func (w *walk) shift(first, home int32, base float64, best *closing) {
	s := w.s
	base += w.weight(home, w.spare[home])
	for _, to := range s.near[first] {
		if to == home {
			continue
		}
		d := base + s.reduced[int(first)*s.m+int(to)] + w.weight(to, w.spare[to]-s.p.Use[to][first]) - w.weight(to, w.spare[to])
		if len(w.cap) > 0 {
			d += w.capsChange(move{first, -1, to})
		}
		if d < best.change {
			*best = closing{d, -1, home, to}
		}
	}
}

// candidate is a job that may fill a hole and what the chain has then cost, the hole
// it leaves not counted.
type candidate struct {
	job  int32
	base float64
}

// scan looks for jobs to fill the hole: it lists the cheapest in into, ascending, and
// notes in best when the chain may end with one. It returns how many it listed.
func (w *walk) scan(first, hole int32, base float64, best *closing, into []candidate) int {
	s := w.s
	m := int32(s.m)
	room, count := w.spare[hole], 0
	slope, over := s.slope[hole], w.over[hole]
	w.work += 1 + len(s.cand[hole])
	for _, c := range s.cand[hole] {
		from := w.agent[c.job]
		if from == hole || w.stamp[c.job] == w.chains {
			continue
		}
		at := base + c.reduced - s.reduced[c.job*m+from] - w.weight(from, w.spare[from])
		if x := room - c.use; x >= 0 {
			at += slope * float64(x)
		} else {
			at -= over * float64(x)
		}
		if len(w.cap) > 0 {
			at += w.capsChange(move{c.job, from, hole})
		}
		if at-w.relief >= best.change {
			continue // what follows wins nothing by itself
		}
		left := w.spare[from] + s.use[c.job*m+from] - s.use[first*m+from]
		end := at + s.reduced[first*m+from] + w.weight(from, left)
		if len(w.cap) > 0 {
			end += w.capsChange(move{c.job, from, hole}, move{first, -1, from}) - w.capsChange(move{c.job, from, hole})
		}
		if end < best.change {
			*best = closing{end, c.job, hole, from}
			w.kept = append(w.kept[:0], w.log...)
		}
		if count < len(into) {
			count++
		} else if at >= into[count-1].base {
			continue
		}
		k := count - 1
		for ; k > 0 && into[k-1].base > at; k-- {
			into[k] = into[k-1]
		}
		into[k] = candidate{c.job, at}
	}
	return count
}

// follow takes the chain on from the first filling, greedily.
func (w *walk) follow(first, hole int32, c candidate, best *closing) {
	var one [1]candidate
	for range chainLength {
		from := w.agent[c.job]
		w.log = append(w.log, move{c.job, from, hole})
		w.stamp[c.job] = w.chains
		w.put(c.job, hole)
		hole = from
		if w.scan(first, hole, c.base, best, one[:]) == 0 {
			return
		}
		c = one[0]
	}
}

// undo takes all moves of the log back.
func (w *walk) undo() {
	for k := len(w.log) - 1; k >= 0; k-- {
		w.put(w.log[k].job, w.log[k].from)
		w.stamp[w.log[k].job] = 0
	}
	w.log = w.log[:0]
}
