/* Named by lexbor, and never opened. */
typedef struct FILE FILE;
