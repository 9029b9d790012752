using System.CommandLine;
using AuthzGraph.Cli.LanguageServer;

namespace AuthzGraph.Cli.Commands;

/// <summary><c>schema lsp</c>: a language server for editors, which start it and speak to it over its standard input and output.</summary>
internal static class LanguageServerCommand
{
    public static Command Create()
    {
        Option<bool> stdio = new("--stdio") { Description = "What it does anyway; some editors insist on saying it." };
        Command command = new("lsp", "Serve an editor over standard input and output (Language Server Protocol).") { stdio };
        command.SetAction((_, cancellation) => MessageLoop.RunAsync(Console.OpenStandardInput(), Console.OpenStandardOutput(), cancellation));
        return command;
    }
}
