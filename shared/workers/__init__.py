"""Worker processes: slots that say what each thread is at, and the supervisor that ends what is past its limits."""
