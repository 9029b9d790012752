namespace AuthzGraph.Cli.Tests;

/// <summary>Runs the command as a user would, without a terminal: what it printed, and its exit code.</summary>
internal sealed record Run(int Exit, string Output, string Error)
{
    public static Task<Run> OfAsync(params string[] args) => WithInputAsync("", args);

    public static async Task<Run> WithInputAsync(string input, params string[] args)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        using StringReader reader = new(input);
        int exit = await CommandLine.RunAsync(args, Terminal.Plain(reader, output, error));
        return new Run(exit, output.ToString(), error.ToString());
    }
}
