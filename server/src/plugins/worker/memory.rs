//! Keeps a worker small: what the allocator holds back, and pages of the program and its plugin that nothing has changed,
//! go back to the system.
#![allow(unsafe_code)]

/// What the allocator must be told before the process begins, as name and value: that each thread keeps only small pieces
/// for itself. Larger ones would hold on to whole pages.
pub const ALLOCATOR: (&str, &str) = ("GLIBC_TUNABLES", "glibc.malloc.tcache_max=256");

/// Makes the allocator keep little: one heap for all threads, which gives back what is free. To be called before any
/// thread is started. Takes what it was told out of the environment, which is to be empty.
#[cfg(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64"))]
pub(super) fn keep_little() {
    const MOST_FREE: i32 = 128 * 1024;
    for (option, value) in
        [(libc::M_ARENA_MAX, 1), (libc::M_TRIM_THRESHOLD, MOST_FREE), (libc::M_MMAP_THRESHOLD, MOST_FREE)]
    {
        // SAFETY: numbers that the allocator knows; where it refuses one, it goes on as before.
        let _ = unsafe { libc::mallopt(option, value) };
    }
    // SAFETY: no other thread is there.
    unsafe { std::env::remove_var(ALLOCATOR.0) };
}

/// Gives back what is free, wherever it lies, and lets go of the pages of the program and its libraries; those come
/// again from the files when they are used.
#[cfg(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64"))]
pub(super) fn give_back() {
    // SAFETY: takes no pointer.
    let _ = unsafe { libc::malloc_trim(0) };
    // SAFETY: `of_object` fits, and nothing is lent to it.
    let _ = unsafe { libc::dl_iterate_phdr(Some(of_object), std::ptr::null_mut()) };
}

/// For the program or one library: lets go of what can be read but never written.
#[cfg(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64"))]
unsafe extern "C" fn of_object(info: *mut libc::dl_phdr_info, _: libc::size_t, _: *mut libc::c_void) -> libc::c_int {
    // SAFETY: the system lends a valid description for the length of this call.
    let (base, headers, count) = unsafe { ((*info).dlpi_addr, (*info).dlpi_phdr, usize::from((*info).dlpi_phnum)) };
    // SAFETY: so many headers are there.
    let headers = unsafe { std::slice::from_raw_parts(headers, count) };
    // A library whose code was changed where it was put does not come back as it is.
    // SAFETY: the object is loaded, and its headers say where its table lies.
    if unsafe { has_changed_code(base, headers) } {
        return 0;
    }
    let page = rustix::param::page_size();
    for header in headers.iter().filter(|header| header.p_type == libc::PT_LOAD && header.p_flags & libc::PF_W == 0) {
        let (Ok(start), Ok(length)) = (usize::try_from(base + header.p_vaddr), usize::try_from(header.p_filesz)) else {
            continue;
        };
        // Whole pages inside of it, none that a neighbour shares.
        let (first, end) = (start.next_multiple_of(page), (start + length) / page * page);
        if first < end {
            let place = std::ptr::with_exposed_provenance_mut(first);
            // SAFETY: a part of the file that was mapped privately and never written comes back as it was.
            let _ = unsafe { libc::madvise(place, end - first, libc::MADV_DONTNEED) };
        }
    }
    0
}

/// Whether the loader has written into what is read-only (text relocations).
///
/// # Safety
/// `headers` are those of an object that is loaded at `base`.
#[cfg(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64"))]
unsafe fn has_changed_code(base: u64, headers: &[libc::Elf64_Phdr]) -> bool {
    const DT_NULL: u64 = 0;
    const DT_TEXTREL: u64 = 22;
    const DT_FLAGS: u64 = 30;
    const DF_TEXTREL: u64 = 4;
    let Some(table) = headers.iter().find(|header| header.p_type == libc::PT_DYNAMIC) else { return false };
    let (Ok(place), Ok(size)) = (usize::try_from(base + table.p_vaddr), usize::try_from(table.p_memsz)) else {
        return true;
    };
    let place = std::ptr::with_exposed_provenance::<[u64; 2]>(place);
    // SAFETY: promised by the caller: pairs of a tag and a value are there.
    let entries = unsafe { std::slice::from_raw_parts(place, size / size_of::<[u64; 2]>()) };
    let mut entries = entries.iter().take_while(|[tag, _]| *tag != DT_NULL);
    entries.any(|[tag, value]| *tag == DT_TEXTREL || (*tag == DT_FLAGS && value & DF_TEXTREL != 0))
}

#[cfg(not(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64")))]
pub(super) fn keep_little() {}

#[cfg(not(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64")))]
pub(super) fn give_back() {}
