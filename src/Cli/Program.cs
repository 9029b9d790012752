using AuthzGraph.Cli;

return await CommandLine.RunAsync(args, Terminal.OfConsole());
