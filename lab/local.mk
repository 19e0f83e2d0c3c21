noinst_LIBRARIES += lab/liblab.a
lab_liblab_a_SOURCES =
