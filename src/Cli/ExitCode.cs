namespace AuthzGraph.Cli;

/// <summary>What the command tells a script (docs/cli.md).</summary>
internal static class ExitCode
{
    /// <summary>Done, permitted, all tests passed.</summary>
    public const int Yes = 0;

    /// <summary>Denied, a test failed, a schema or file has errors.</summary>
    public const int No = 1;

    /// <summary>No answer: wrong usage, a file or server that can't be reached, a request the server refused.</summary>
    public const int Unanswered = 2;
}

/// <summary>A command that can't be done, in one sentence: no bug, and nothing a stack trace would help with.</summary>
internal sealed class CommandException(string message, string code = "USAGE") : Exception(message)
{
    /// <summary>In capitals, for programs.</summary>
    public string Code { get; } = code;
}
