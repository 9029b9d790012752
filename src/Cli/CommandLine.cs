using System.CommandLine;
using System.CommandLine.Invocation;
using AuthzGraph.Cli.Commands;
using AuthzGraph.Cli.Commands.Delegating;
using AuthzGraph.Cli.Commands.Store;
using AuthzGraph.Client;
using AuthzGraph.Graph.Storage;

namespace AuthzGraph.Cli;

/// <summary>The <c>authzgraph</c> command: parses, runs one subcommand, and says in one line what went wrong.</summary>
internal static class CommandLine
{
    /// <summary>Runs the command; the result is the process's exit code.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellation = default)
    {
        // `@user:ann` is part of a relationship, never a response file
        ParserConfiguration parser = new() { ResponseFileTokenReplacer = null };
        ParseResult parsed = Root(new Surroundings(terminal)).Parse(args.Count == 0 ? ["--help"] : args, parser);
        if (parsed.Action is ParseErrorAction) return Misused(parsed, terminal);
        try
        {
            return await parsed.InvokeAsync(Invocation(terminal), cancellation);
        }
        catch (CommandException problem)
        {
            return Fail(terminal, problem.Code, problem.Message);
        }
        catch (AuthzGraphException refused)
        {
            return Fail(terminal, Network.Refusals.CodeOf(refused), refused.Message);
        }
        catch (Model.RejectionException refused)
        {
            return Fail(terminal, refused.Reason, refused.Message);
        }
        catch (StoreFailedException problem)
        {
            return Fail(terminal, "STORE", problem.Message);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return Fail(terminal, "IO", problem.Message);
        }
        catch (OperationCanceledException)
        {
            return Fail(terminal, "CANCELLED", "stopped before it was done");
        }
    }

    // Ctrl-C ends a command where it is; a server sees it itself and finishes its calls.
    private static InvocationConfiguration Invocation(Terminal terminal) => new()
    {
        Output = terminal.Output,
        Error = terminal.Error,
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = null,
    };

    private static RootCommand Root(Surroundings around) => new("AuthzGraph: who may do what, and agents on whose authority.")
    {
        around.Server,
        around.Token,
        around.Authorities,
        around.Store,
        around.Json,
        SchemaCommands.Create(around),
        RelationshipCommands.Create(around),
        CheckCommand.Create(around),
        ExpandCommand.Create(around),
        LookupCommands.Create(around),
        WatchCommand.Create(around),
        DelegationCommands.Create(around),
        TaskCommands.Create(around),
        PrincipalCommands.Create(around),
        TestCommand.Create(around),
        ServeCommand.Create(around),
        CredentialCommand.Create(around),
        HealthCommand.Create(around),
        StoreCommands.Create(around),
    };

    private static int Misused(ParseResult parsed, Terminal terminal)
    {
        IEnumerable<string> unknown = parsed.UnmatchedTokens.Select(token => $"`{token}` is no command or option here");
        foreach (string message in unknown.Any() ? unknown : parsed.Errors.Select(e => e.Message).Distinct()) Fail(terminal, "USAGE", message);
        terminal.ErrorLine($"[grey]help:[/] {Terminal.Safe(CommandName(parsed))} --help");
        return ExitCode.Unanswered;
    }

    private static string CommandName(ParseResult parsed)
    {
        List<string> names = [];
        for (System.CommandLine.Parsing.SymbolResult? result = parsed.CommandResult; result is not null; result = result.Parent)
            if (result is System.CommandLine.Parsing.CommandResult { Command: not RootCommand and var command }) names.Insert(0, command.Name);
        return string.Join(' ', names.Prepend("authzgraph"));
    }

    private static int Fail(Terminal terminal, string code, string message)
    {
        terminal.ErrorLine($"[red]error[/] {Terminal.Safe(code)}: {Terminal.Safe(message)}");
        return ExitCode.Unanswered;
    }
}
