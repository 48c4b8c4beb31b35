// The one file that includes Catch2's main; built without optimisation, because it takes a minute otherwise.
#if !__has_include(<catch2/catch_all.hpp>)
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#endif
