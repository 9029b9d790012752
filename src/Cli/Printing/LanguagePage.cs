namespace AuthzGraph.Cli.Printing;

/// <summary>docs/language.md, which is built into the command, so that there is one text of it.</summary>
internal static class LanguagePage
{
    private const string Resource = "language.md";

    /// <summary>The section of one diagnostic, its heading included; null when there is none.</summary>
    public static string? Section(string code)
    {
        string[] lines = Read().ReplaceLineEndings("\n").Split('\n');
        int start = Array.IndexOf(lines, $"#### {code}");
        if (start < 0) return null;
        int end = Array.FindIndex(lines, start + 1, line => line.StartsWith('#'));
        return string.Join('\n', lines[start..(end < 0 ? lines.Length : end)]).TrimStart('#', ' ').TrimEnd();
    }

    private static string Read()
    {
        using Stream stream = typeof(LanguagePage).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} was not built into the command");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
