/**
 * Variables that make a loader or an interpreter run other code than the program's. A manifest that sets one gets round
 * `allowCommand`, so they are refused like a command; a catalogue's own program may set them.
 */
const CODE_VARIABLES: Readonly<Record<string, string>> = {
  NODE_OPTIONS: 'adds --require and --import to Node (node(1))',
  NODE_PATH: 'adds folders of modules to Node',
  NODE_REPL_EXTERNAL_MODULE: 'loads a module in Node',
  PYTHONPATH: 'adds folders of modules to Python (python(1))',
  PYTHONHOME: 'replaces the standard library of Python',
  PYTHONPLATLIBDIR: 'moves the standard library of Python',
  PYTHONSTARTUP: 'runs a file in Python',
  PYTHONUSERBASE: 'moves the modules of the user in Python',
  PYTHONPYCACHEPREFIX: 'moves compiled modules in Python',
  PYTHONBREAKPOINT: 'names a function that Python calls',
  PYTHONWARNINGS: 'imports a module in Python',
  PYTHONINSPECT: 'reads code from standard input in Python',
  PYTHONEXECUTABLE: 'replaces the interpreter for children of Python',
  PERL5OPT: 'adds options such as -M to Perl (perlrun)',
  PERL5LIB: 'adds folders of modules to Perl',
  PERLLIB: 'adds folders of modules to Perl',
  PERL5DB: 'runs code in Perl',
  RUBYOPT: 'adds options such as -r to Ruby',
  RUBYLIB: 'adds folders of modules to Ruby',
  CLASSPATH: 'adds classes to Java',
  JAVA_TOOL_OPTIONS: 'adds agents to Java',
  JDK_JAVA_OPTIONS: 'adds agents to Java',
  _JAVA_OPTIONS: 'adds agents to Java',
  BASH_ENV: 'is run by bash before a script (bash(1))',
  ENV: 'is run by sh before it begins (sh(1))',
  SHELLOPTS: 'turns on tracing, which runs PS4, in bash',
  BASHOPTS: 'turns on options of bash',
  PS4: 'is expanded, commands included, by a tracing shell',
  PROMPT_COMMAND: 'is run by bash',
  IFS: 'changes how a shell takes lines apart',
  PATH: 'chooses the interpreters and tools that a program starts by name',
  GCONV_PATH: 'loads converters of characters in the C library',
  GETCONF_DIR: 'chooses a program that getconf runs',
  GLIBC_TUNABLES: 'changes the C library itself',
  LOCPATH: 'loads data of locales in the C library',
  OPENSSL_CONF: 'names modules that OpenSSL loads',
  OPENSSL_MODULES: 'adds modules to OpenSSL',
  OPENSSL_ENGINES: 'adds engines to OpenSSL',
};
const CODE_PREFIXES: Readonly<Record<string, string>> = {
  LD_: 'loads or replaces shared libraries (ld.so(8))',
  BASH_FUNC_: 'defines a function in bash',
};

/** Why a manifest may not set a variable; undefined when it may. */
export function codeVariableReason(name: string): string | undefined {
  if (Object.hasOwn(CODE_VARIABLES, name)) return CODE_VARIABLES[name];
  return Object.entries(CODE_PREFIXES).find(([prefix]) => name.startsWith(prefix))?.[1];
}
