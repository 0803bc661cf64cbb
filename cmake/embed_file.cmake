# Writes OUTPUT: a C++ file that defines IDENTIFIER as the text of INPUT.
file(READ ${INPUT} TEXT)
file(WRITE ${OUTPUT}
"namespace daybook::embedded {
extern const char* const ${IDENTIFIER};
const char* const ${IDENTIFIER} = R\"~~~~(${TEXT})~~~~\";
}  // namespace daybook::embedded
")
