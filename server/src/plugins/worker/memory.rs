//! Keeps a worker small: what the allocator holds back, and pages of the program that only its start has needed, go
//! back to the system.
#![allow(unsafe_code)]

/// Makes the allocator keep little: one heap for all threads, which gives back what is free. To be called before any
/// thread is started.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(super) fn keep_little() {
    const MOST_FREE: i32 = 128 * 1024;
    for (option, value) in
        [(libc::M_ARENA_MAX, 1), (libc::M_TRIM_THRESHOLD, MOST_FREE), (libc::M_MMAP_THRESHOLD, MOST_FREE)]
    {
        // SAFETY: numbers that the allocator knows; where it refuses one, it goes on as before.
        let _ = unsafe { libc::mallopt(option, value) };
    }
}

/// Gives back what is free, wherever it lies, and lets go of the program's own pages; those come again from the file
/// when they are used.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(super) fn give_back() {
    // SAFETY: takes no pointer.
    let _ = unsafe { libc::malloc_trim(0) };
    // SAFETY: `of_program` fits, and nothing is lent to it.
    let _ = unsafe { libc::dl_iterate_phdr(Some(of_program), std::ptr::null_mut()) };
}

/// For the first object, which is the program itself: lets go of what can be read but never written.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
unsafe extern "C" fn of_program(info: *mut libc::dl_phdr_info, _: libc::size_t, _: *mut libc::c_void) -> libc::c_int {
    // SAFETY: the system lends a valid description for the length of this call.
    let (base, headers, count) = unsafe { ((*info).dlpi_addr, (*info).dlpi_phdr, usize::from((*info).dlpi_phnum)) };
    // SAFETY: so many headers are there.
    let headers = unsafe { std::slice::from_raw_parts(headers, count) };
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
    // The others are libraries, which are not ours to judge.
    1
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(super) fn keep_little() {}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(super) fn give_back() {}
