using System.Text;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Imports;

/// <summary>
/// What only the text that files make together can tell. Each file says itself what it uses, and that text says it for all: so a
/// word that <c>use</c> makes a keyword in one file cannot be a name in another.
/// </summary>
internal static class TogetherCheck
{
    public static void Report(IReadOnlyCollection<ReadFile> files, string text, DiagnosticBag diagnostics)
    {
        int limit = Limits.Default.SchemaBytes;
        if (Encoding.UTF8.GetByteCount(text) > limit) diagnostics.Add(ImportCatalogue.FilesTooLong(new TextSpan(0, 0), limit));
        foreach (string flag in Words.Flags.Where(flag => flag != Words.Import))
            if (files.FirstOrDefault(file => Uses(file, flag)) is { } user)
                foreach (ReadFile other in files.Where(file => !Uses(file, flag)))
                    Report(other, flag, user, diagnostics);
    }

    private static void Report(ReadFile file, string flag, ReadFile user, DiagnosticBag diagnostics)
    {
        Flags flags = new();
        flags.TurnOn(flag);
        foreach (Token token in file.Syntax.Tokens)
            if (token.Kind == TokenKind.Word && flags.Reserves(token.Text) && !file.Syntax.Flags.Reserves(token.Text))
                diagnostics.Add(ImportCatalogue.KeywordElsewhere(token.Span, token.Text, flag, user.Path));
    }

    private static bool Uses(ReadFile file, string flag) => file.Syntax.Uses.Any(use => use.Flag.Text == flag);
}
