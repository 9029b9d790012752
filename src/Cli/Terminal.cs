using System.Text;
using AuthzGraph.Cli.Printing;
using Spectre.Console;

namespace AuthzGraph.Cli;

/// <summary>
/// Where a command prints: marked-up lines that have colours on a terminal and are plain text anywhere else. Lines
/// are never wrapped here, so that what is printed can be searched and piped.
/// </summary>
internal sealed class Terminal
{
    private const int NeverWrap = 100_000;
    private readonly IAnsiConsole _out;
    private readonly IAnsiConsole _error;

    private Terminal(TextReader input, TextWriter output, TextWriter error, AnsiSupport outputColours, AnsiSupport errorColours, bool hasBars)
    {
        HasBars = hasBars;
        Input = input;
        Output = output;
        Error = error;
        _out = Console(output, outputColours);
        _error = Console(error, errorColours);
    }

    public TextReader Input { get; }
    public TextWriter Output { get; }
    public TextWriter Error { get; }

    /// <summary>The process's own, in colour where it is a terminal and NO_COLOR is not set.</summary>
    public static Terminal OfConsole()
    {
        System.Console.OutputEncoding = Encoding.UTF8;
        return new Terminal(System.Console.In, System.Console.Out, System.Console.Error,
            ColoursUnless(System.Console.IsOutputRedirected), ColoursUnless(System.Console.IsErrorRedirected), !System.Console.IsErrorRedirected);
    }

    /// <summary>Plain text to writers of the caller's, for tests.</summary>
    public static Terminal Plain(TextReader input, TextWriter output, TextWriter error) =>
        new(input, output, error, AnsiSupport.No, AnsiSupport.No, hasBars: false);

    /// <summary>Prints a line of Spectre markup: <c>[red]DENIED[/]</c>.</summary>
    public void Line(string markup = "") => _out.MarkupLine(markup);

    public void ErrorLine(string markup) => _error.MarkupLine(markup);

    /// <summary>Prints text as it is.</summary>
    public void Raw(string text) => Output.WriteLine(text);

    /// <summary>Whether standard error is a terminal, on which bars can move.</summary>
    public bool HasBars { get; }

    /// <summary>Shows bars on standard error while something goes on, and removes them when it is done.</summary>
    public Task<T> WithBarsAsync<T>(Func<ProgressBars, Task<T>> work)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Error), Interactive = InteractionSupport.Yes });
        return console.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                ProgressBars bars = new(context);
                T result = await work(bars);
                bars.Finish();
                return result;
            });
    }

    public void Draw(Spectre.Console.Rendering.IRenderable drawing) => _out.Write(drawing);

    /// <summary>A text to print as it is, inside markup.</summary>
    public static string Safe(string text) => Markup.Escape(text);

    private static AnsiSupport ColoursUnless(bool redirected) =>
        redirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } ? AnsiSupport.No : AnsiSupport.Detect;

    private static IAnsiConsole Console(TextWriter writer, AnsiSupport colours)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colours,
            ColorSystem = colours == AnsiSupport.No ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = NeverWrap;
        return console;
    }
}
