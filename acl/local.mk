noinst_LIBRARIES += acl/libacl.a
acl_libacl_a_SOURCES =
