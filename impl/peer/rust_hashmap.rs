// rust_hashmap: std::collections::HashMap behind the functions of impl/peer_foreign.h.
//
// The loop over a slice is here; rust_hashmap.c says what the table is and does.
// Built with panic = abort: running out of memory ends the process.
//
// SPDX-License-Identifier: MIT
#![allow(clippy::missing_safety_doc)]

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::collections::HashMap;
use std::ffi::c_void;
use std::hash::{BuildHasher, Hasher};
use std::ptr;

// ---- bytes ----------------------------------------------------------------------

extern "C" {
    fn peer_foreign_alloc(owner: *mut c_void, bytes: usize) -> *mut u8;
    fn peer_foreign_free(owner: *mut c_void, block: *mut u8, bytes: usize);
    fn malloc(bytes: usize) -> *mut u8;
    fn free(block: *mut u8);
}

thread_local! {
    // Whose blocks the next ones are; nobody's outside of a map's operations.
    static OWNER: Cell<*mut c_void> = const { Cell::new(ptr::null_mut()) };
}

struct Counting;

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let owner = OWNER.with(Cell::get);
        if owner.is_null() {
            malloc(layout.size())
        } else {
            peer_foreign_alloc(owner, layout.size())
        }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let owner = OWNER.with(Cell::get);
        if owner.is_null() {
            free(block)
        } else {
            peer_foreign_free(owner, block, layout.size())
        }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

// ---- hashes, as in impl/hash.h ----------------------------------------------------

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

#[inline(always)]
fn ht_hash(key: u64, seed: u64) -> u64 {
    let product = u128::from(key ^ seed) * u128::from(GOLDEN);
    let folded = (product >> 64) as u64 ^ product as u64;
    folded ^ folded >> 32
}

fn ht_mix(key: u64) -> u64 {
    let mut x = key.wrapping_add(GOLDEN);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

fn ht_entry_sum(key: u64, value: u64) -> u64 {
    key ^ value.wrapping_mul(0xd6e8_feb8_6659_fd93)
}

#[derive(Clone)]
struct Common(u64);

struct CommonHasher {
    seed: u64,
    hash: u64,
}

impl BuildHasher for Common {
    type Hasher = CommonHasher;
    fn build_hasher(&self) -> CommonHasher {
        CommonHasher { seed: self.0, hash: 0 }
    }
}

impl Hasher for CommonHasher {
    fn finish(&self) -> u64 {
        self.hash
    }
    fn write(&mut self, _: &[u8]) {
        unreachable!("keys are words")
    }
    #[inline(always)]
    fn write_u64(&mut self, key: u64) {
        self.hash = ht_hash(key, self.seed);
    }
}

// std's own hasher under keys that do not change from run to run.
#[derive(Clone)]
struct Own;

impl BuildHasher for Own {
    type Hasher = std::collections::hash_map::DefaultHasher;
    fn build_hasher(&self) -> Self::Hasher {
        Self::Hasher::new()
    }
}

// ---- the map ------------------------------------------------------------------------

#[repr(C)]
pub struct Op {
    key: u64,
    kind: u32,
}

const GET: u32 = 0;
const PUT: u32 = 1;
const DEL: u32 = 2;
const CLEAR: u32 = 3;
const COMPACT: u32 = 4;
const COPY: u32 = 5;
const REBUILD_COPY: u32 = 6;
const RETAIN: u32 = 8;
const RESERVE: u32 = 9;
const SCAN: u32 = 13;
const USE: u32 = 14;

type Words<S> = HashMap<u64, u64, S>;

fn scan<S: BuildHasher>(map: &Words<S>) -> u64 {
    map.iter().fold(0, |sum, (&k, &v)| sum.wrapping_add(ht_entry_sum(k, v)))
}

#[inline(never)]
fn rare<S: BuildHasher + Clone>(map: &mut Words<S>, op: &Op) -> u64 {
    match op.kind {
        CLEAR => map.clear(),
        COMPACT => map.shrink_to_fit(),
        COPY => *map = map.clone(),
        REBUILD_COPY => {
            let mut fresh = HashMap::with_hasher(map.hasher().clone());
            for (&key, &value) in map.iter() {
                fresh.insert(key, value);
            }
            *map = fresh;
        }
        RESERVE => map.reserve((op.key as usize).saturating_sub(map.len())),
        RETAIN => {
            map.retain(|&key, _| ht_mix(key) % op.key != 0);
            return scan(map);
        }
        SCAN => return scan(map),
        _ => (), // it has no pop, and nothing is put off
    }
    0
}

#[inline(always)]
unsafe fn run<S: BuildHasher + Clone>(
    map: &mut Words<S>,
    ops: &[Op],
    first: u64,
    step: *mut u64,
    sum: &mut u64,
) -> u64 {
    for (i, op) in ops.iter().enumerate() {
        let now = first + i as u64;
        let result = match op.kind {
            GET => map.get(&op.key).map_or(0, |value| 2 * value + 1),
            PUT => {
                step.write(now);
                1 + u64::from(map.insert(op.key, now).is_some())
            }
            DEL => {
                step.write(now);
                u64::from(map.remove(&op.key).is_some())
            }
            kind if kind >= USE => return i as u64,
            _ => {
                step.write(now);
                rare(map, op)
            }
        };
        *sum = sum.rotate_left(1).wrapping_add(result);
    }
    ops.len() as u64
}

// ---- what C sees ----------------------------------------------------------------------

enum Either {
    Common(Words<Common>),
    Own(Words<Own>),
}

pub struct Table {
    owner: *mut c_void,
    map: Either,
}

#[no_mangle]
pub extern "C" fn rust_hashmap_create(owner: *mut c_void, seed: u64, own: i32) -> *mut Table {
    let map = if own == 0 {
        Either::Common(HashMap::with_hasher(Common(seed)))
    } else {
        Either::Own(HashMap::with_hasher(Own))
    };
    Box::into_raw(Box::new(Table { owner, map }))
}

#[no_mangle]
pub unsafe extern "C" fn rust_hashmap_destroy(table: *mut Table) {
    let Table { owner, map } = *Box::from_raw(table);
    OWNER.with(|o| o.set(owner));
    drop(map);
    OWNER.with(|o| o.set(ptr::null_mut()));
}

#[no_mangle]
pub unsafe extern "C" fn rust_hashmap_run(
    table: *mut Table,
    ops: *const Op,
    n: u64,
    first: u64,
    step: *mut u64,
    sum: *mut u64,
) -> u64 {
    let ops = std::slice::from_raw_parts(ops, n as usize);
    OWNER.with(|o| o.set((*table).owner));
    let done = match &mut (*table).map {
        Either::Common(map) => run(map, ops, first, step, &mut *sum),
        Either::Own(map) => run(map, ops, first, step, &mut *sum),
    };
    OWNER.with(|o| o.set(ptr::null_mut()));
    done
}

type Visit = extern "C" fn(*mut c_void, u64, u64);

#[no_mangle]
pub unsafe extern "C" fn rust_hashmap_each(table: *const Table, visit: Visit, arg: *mut c_void) {
    match &(*table).map {
        Either::Common(map) => map.iter().for_each(|(&k, &v)| visit(arg, k, v)),
        Either::Own(map) => map.iter().for_each(|(&k, &v)| visit(arg, k, v)),
    }
}

#[no_mangle]
pub unsafe extern "C" fn rust_hashmap_live(table: *const Table) -> u64 {
    match &(*table).map {
        Either::Common(map) => map.len() as u64,
        Either::Own(map) => map.len() as u64,
    }
}

#[no_mangle]
pub unsafe extern "C" fn rust_hashmap_slots(table: *const Table) -> u64 {
    match &(*table).map {
        Either::Common(map) => map.capacity() as u64,
        Either::Own(map) => map.capacity() as u64,
    }
}

#[no_mangle]
pub extern "C" fn rust_hashmap_check(key: u64, seed: u64) -> u64 {
    ht_hash(key, seed)
        .wrapping_add(ht_mix(key))
        .wrapping_add(ht_entry_sum(key, seed))
}
