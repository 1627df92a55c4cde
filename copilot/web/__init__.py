"""The HTTP side. Today it says whether the process is well; the live desk grows here."""
