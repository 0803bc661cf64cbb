# daybook_embed(TARGET FILES...) compiles text files into TARGET, so that a
# program needs no files beside it and the core reads none. Each FILE `a-b.csv`
# becomes `extern const char* const kFile_a_b_csv` in namespace
# daybook::embedded; see core/budget/embedded.h for the declarations.
include_guard(GLOBAL)

function(daybook_embed TARGET)
  foreach(FILE ${ARGN})
    get_filename_component(NAME ${FILE} NAME)
    string(MAKE_C_IDENTIFIER "kFile_${NAME}" IDENTIFIER)
    set(SOURCE ${CMAKE_CURRENT_BINARY_DIR}/embedded/${NAME}.cc)
    add_custom_command(OUTPUT ${SOURCE}
      COMMAND ${CMAKE_COMMAND} -DINPUT=${CMAKE_CURRENT_SOURCE_DIR}/${FILE}
        -DOUTPUT=${SOURCE} -DIDENTIFIER=${IDENTIFIER}
        -P ${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake
      DEPENDS ${FILE} ${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake
      VERBATIM)
    target_sources(${TARGET} PRIVATE ${SOURCE})
  endforeach()
endfunction()
