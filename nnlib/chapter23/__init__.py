"""The experiments of chapter 23's exercises; they use the library, which knows nothing of them."""
