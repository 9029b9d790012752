using System.Collections.Frozen;

namespace AuthzGraph.Cli.Printing;

/// <summary>docs/language.md, which is built into the command, so that there is one text of it.</summary>
internal static class LanguagePage
{
    private const string Resource = "language.md";
    private const string Heading = "#### AZ";

    private static readonly Lazy<FrozenDictionary<string, string>> Sections = new(() =>
        Split(Read()).ToFrozenDictionary(section => section[..section.IndexOf('\n')], StringComparer.Ordinal));

    /// <summary>The section of one diagnostic, its heading included; null when there is none.</summary>
    public static string? Section(string code) => Sections.Value.GetValueOrDefault(code);

    /// <summary>The sections of all diagnostics, from their codes on.</summary>
    private static IEnumerable<string> Split(string page)
    {
        string[] lines = page.ReplaceLineEndings("\n").Split('\n');
        for (int start = 0; start < lines.Length; start++)
        {
            if (!lines[start].StartsWith(Heading, StringComparison.Ordinal)) continue;
            int end = Array.FindIndex(lines, start + 1, line => line.StartsWith('#'));
            yield return string.Join('\n', lines[start..(end < 0 ? lines.Length : end)]).TrimStart('#', ' ').TrimEnd();
        }
    }

    private static string Read()
    {
        using Stream stream = typeof(LanguagePage).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} was not built into the command");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
