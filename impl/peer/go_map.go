// go_map: Go's map behind the functions of impl/peer_foreign.h.
//
// The loop over a slice is here; go_map.c says what the table is and does. Bytes are
// computed from the runtime's own header of a map, as it was from 1.12 to 1.23.
//
// SPDX-License-Identifier: MIT
package main

/*
#include <stdint.h>

typedef void ht_visit(void *arg, uint64_t key, uint64_t value);
struct op {
	uint64_t key;
	uint32_t kind;
};
typedef void account(void *owner, uint64_t now, uint64_t before);

static inline void call_visit(ht_visit *visit, void *arg, uint64_t key, uint64_t value)
{
	visit(arg, key, value);
}

static inline void call_account(account *f, void *owner, uint64_t now, uint64_t before)
{
	f(owner, now, before);
}
*/
import "C"

import (
	"math/bits"
	"runtime/cgo"
	"unsafe"
)

// ---- bytes ----------------------------------------------------------------------

// The runtime's header of a map (runtime/map.go, hmap).
type header struct {
	count     int
	flags     uint8
	log       uint8 // 2^log buckets
	overflows uint16
	seed      uint32
	buckets   unsafe.Pointer
	old       unsafe.Pointer
	evacuated uintptr
	extra     unsafe.Pointer
}

// 8 bytes of hash, 8 keys, 8 values, and a pointer; the load limit is 6.5 of 8.
const bucketBytes = 8 + 8*8 + 8*8 + 8

// The array of 2^log buckets, with a sixteenth more for overflow from 2^4 on; the
// runtime rounds large blocks up to pages of 8 KiB, small ones to 1/8 of a power of two.
func arrayBytes(log uint8) uint64 {
	buckets := uint64(1) << log
	if log >= 4 {
		buckets += 1 << (log - 4)
	}
	bytes := buckets * bucketBytes
	unit := uint64(8192)
	if bytes <= 32768 {
		unit = uint64(1) << (bits.Len64(bytes) - 4)
	}
	return (bytes + unit - 1) / unit * unit
}

// From 2^16 buckets on the runtime counts overflow buckets by sampling.
func overflowBytes(h *header) uint64 {
	overflows := uint64(h.overflows)
	if h.log >= 16 {
		overflows <<= h.log - 15
	}
	ahead := uint64(0)
	if h.log >= 4 {
		ahead = 1 << (h.log - 4)
	}
	if overflows <= ahead {
		return 0
	}
	return (overflows - ahead) * bucketBytes
}

func bytesOf(h *header) uint64 {
	bytes := overflowBytes(h)
	if h.buckets != nil {
		bytes += arrayBytes(h.log)
	}
	if h.old != nil { // growing: twice as many now, or as many
		log := h.log
		if h.flags&8 == 0 { // sameSizeGrow
			log--
		}
		bytes += arrayBytes(log)
	}
	return bytes
}

// ---- functions as in impl/hash.h ---------------------------------------------------

func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb
	return x ^ (x >> 31)
}

func hash(key, seed uint64) uint64 {
	high, low := bits.Mul64(key^seed, 0x9e3779b97f4a7c15)
	folded := high ^ low
	return folded ^ folded>>32
}

func entrySum(key, value uint64) uint64 {
	return key ^ value*0xd6e8feb86659fd93
}

// ---- the map ------------------------------------------------------------------------

const (
	get         = 0
	put         = 1
	del         = 2
	clear       = 3
	rebuildCopy = 6
	retain      = 8
	scan        = 13
	use         = 14
)

type table struct {
	owner   unsafe.Pointer
	account *C.account
	words   map[uint64]uint64
	head    *header
	seen    header // as the bytes were counted last
	bytes   uint64
}

func (t *table) replace(words map[uint64]uint64) {
	t.words = words
	t.head = *(**header)(unsafe.Pointer(&words))
	t.recount()
}

// Called when the header says that storage has changed.
func (t *table) recount() {
	now := bytesOf(t.head)
	t.seen = *t.head
	if now != t.bytes {
		C.call_account(t.account, t.owner, C.uint64_t(now), C.uint64_t(t.bytes))
		t.bytes = now
	}
}

func (t *table) changed() bool {
	return t.head.buckets != t.seen.buckets || t.head.old != t.seen.old ||
		t.head.overflows != t.seen.overflows
}

func (t *table) scan() (sum uint64) {
	for key, value := range t.words {
		sum += entrySum(key, value)
	}
	return
}

func (t *table) rare(op *C.struct_op) uint64 {
	switch op.kind {
	case clear:
		for key := range t.words {
			delete(t.words, key)
		}
	case rebuildCopy:
		fresh := make(map[uint64]uint64)
		for key, value := range t.words {
			fresh[key] = value
		}
		t.replace(fresh)
	case retain:
		for key := range t.words {
			if mix(key)%uint64(op.key) == 0 {
				delete(t.words, key)
			}
		}
		return t.scan()
	case scan:
		return t.scan()
	}
	return 0 // what it does not have
}

func handle(t uintptr) *table {
	return cgo.Handle(t).Value().(*table)
}

//export go_map_create
func go_map_create(owner unsafe.Pointer, f *C.account) uintptr {
	t := &table{owner: owner, account: f}
	t.replace(make(map[uint64]uint64))
	return uintptr(cgo.NewHandle(t))
}

//export go_map_destroy
func go_map_destroy(t uintptr) {
	table := handle(t)
	C.call_account(table.account, table.owner, 0, C.uint64_t(table.bytes))
	cgo.Handle(t).Delete()
}

//export go_map_run
func go_map_run(t uintptr, first_op *C.struct_op, n, first uint64, step, sum *uint64) uint64 {
	table := handle(t)
	words, total := table.words, *sum
	ops := unsafe.Slice(first_op, n)
	for i := range ops {
		op := &ops[i]
		key := uint64(op.key)
		var result uint64
		switch {
		case op.kind == get:
			if value, found := words[key]; found {
				result = 2*value + 1
			}
		case op.kind == put:
			*step = first + uint64(i)
			live := len(words)
			words[key] = first + uint64(i)
			result = 2 - uint64(len(words)-live)
			if table.changed() {
				table.recount()
			}
		case op.kind == del:
			*step = first + uint64(i)
			live := len(words)
			delete(words, key)
			result = uint64(live - len(words))
			if table.changed() {
				table.recount()
			}
		case op.kind >= use:
			*sum = total
			return uint64(i)
		default:
			*step = first + uint64(i)
			result = table.rare(op)
			table.recount()
			words = table.words
		}
		total = bits.RotateLeft64(total, 1) + result
	}
	*sum = total
	return n
}

//export go_map_each
func go_map_each(t uintptr, visit *C.ht_visit, arg unsafe.Pointer) {
	for key, value := range handle(t).words {
		C.call_visit(visit, arg, C.uint64_t(key), C.uint64_t(value))
	}
}

//export go_map_live
func go_map_live(t uintptr) uint64 {
	return uint64(len(handle(t).words))
}

//export go_map_slots
func go_map_slots(t uintptr) uint64 {
	return 8 << handle(t).head.log
}

//export go_map_check
func go_map_check(key, seed uint64) uint64 {
	return hash(key, seed) + mix(key) + entrySum(key, seed)
}

func main() {}
