package connected

// heap is a binary heap of nodes by key, smallest first, ties by node so that a
// search repeats exactly.
type heap struct {
	keys  []int64
	nodes []int32
}

func (h *heap) reset()   { h.keys, h.nodes = h.keys[:0], h.nodes[:0] }
func (h *heap) len() int { return len(h.keys) }

func (h *heap) less(i, j int) bool {
	return h.keys[i] < h.keys[j] || h.keys[i] == h.keys[j] && h.nodes[i] < h.nodes[j]
}

func (h *heap) swap(i, j int) {
	h.keys[i], h.keys[j] = h.keys[j], h.keys[i]
	h.nodes[i], h.nodes[j] = h.nodes[j], h.nodes[i]
}

func (h *heap) push(key int64, node int32) {
	h.keys, h.nodes = append(h.keys, key), append(h.nodes, node)
	for i := len(h.keys) - 1; i > 0 && h.less(i, (i-1)/2); i = (i - 1) / 2 {
		h.swap(i, (i-1)/2)
	}
}

func (h *heap) pop() (int64, int32) {
	key, node := h.keys[0], h.nodes[0]
	last := len(h.keys) - 1
	h.swap(0, last)
	h.keys, h.nodes = h.keys[:last], h.nodes[:last]
	for i := 0; ; {
		c := 2*i + 1
		if c >= last {
			break
		}
		if c+1 < last && h.less(c+1, c) {
			c++
		}
		if !h.less(c, i) {
			break
		}
		h.swap(i, c)
		i = c
	}
	return key, node
}
