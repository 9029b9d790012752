using System.Collections.Immutable;
using System.Text;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Formatting;

/// <summary>
/// Prints a syntax tree line by line. Comments come with the token after them: those that stood behind something on its line
/// stay there, the others get lines of their own. Blank lines between members stay, one of each row of them.
/// </summary>
internal sealed class SchemaPrinter
{
    private const int Indent = 4;

    private readonly StringBuilder _text = new();
    private bool _beginsBlock = true;       // no blank line follows the start of the text or of a definition
    private bool _followsLeftOut;           // what trails there went with the statement it trailed

    /// <summary>Prints a text.</summary>
    public static string Print(SchemaSyntax syntax)
    {
        SchemaPrinter printer = new();
        foreach (UseSyntax use in syntax.Uses) printer.Line(use.Tokens, 0, false);
        for (int i = 0; i < syntax.TopLevel.Length; i++)
        {
            bool goesOn = i > 0 && syntax.TopLevel[i - 1] is ImportSyntax;
            if (syntax.TopLevel[i] is ImportSyntax import) printer.Line(import.Tokens, 0, !goesOn);
            else printer.TopLevel(syntax.TopLevel[i]);
        }
        printer.Comments(syntax.Tokens[^1].Comments, 0, false);
        return printer.Printed();
    }

    /// <summary>
    /// Prints the files of one schema as a text that says the same alone: what they <c>use</c> in the first lines, then every
    /// definition, partial and caveat, and no import.
    /// </summary>
    public static string PrintTogether(SchemaSyntax files)
    {
        SchemaPrinter printer = new() { _followsLeftOut = true };
        foreach (string flag in files.Uses.Select(use => use.Flag.Text).Where(flag => flag != Words.Import).Distinct())
        {
            printer.NewLine(0, false);
            printer._text.Append(Words.Use).Append(' ').Append(flag);
        }
        foreach (TopLevelSyntax topLevel in files.TopLevel)
        {
            printer.TopLevel(topLevel);
            printer._followsLeftOut = topLevel is ImportSyntax or FileEndSyntax;
        }
        return printer.Printed();
    }

    private string Printed()
    {
        if (_text.Length > 0) _text.Append('\n');
        return _text.ToString();
    }

    private void TopLevel(TopLevelSyntax syntax)
    {
        if (syntax is DefinitionSyntax definition) Definition(definition);
        if (syntax is CaveatSyntax caveat) Caveat(caveat);
        if (syntax is FileEndSyntax file) Comments(file.End.Comments, 0, true);
    }

    private void Caveat(CaveatSyntax caveat)
    {
        Line(caveat.Header, 0, true);
        foreach (string line in CaveatBody.Lines(caveat.Body.Text, Indent)) _text.Append('\n').Append(line);
        _text.Append("\n}");
    }

    private void Definition(DefinitionSyntax definition)
    {
        Line(definition.Header, 0, true);
        Token closeBrace = definition.Header.All[definition.CloseBrace];
        _beginsBlock = true;
        foreach (MemberSyntax member in definition.Members) Line(member.Tokens, Indent, false);
        Comments(closeBrace.Comments, Indent, false);
        bool isEmpty = definition.Members.IsEmpty && closeBrace.Comments.IsEmpty;
        if (!isEmpty) _text.Append('\n');
        _text.Append('}');
        _beginsBlock = false;
    }

    private void Line(TokenRange tokens, int indent, bool setApart)
    {
        Token first = tokens.First;
        bool isApart = Comments(first.Comments, indent, setApart);
        _followsLeftOut = false;
        NewLine(indent, first.BlankLineBefore || (setApart && !isApart));
        StatementLayout.Append(_text, tokens, indent);
    }

    /// <summary>Prints what stands before a line; whether that already set the line apart.</summary>
    private bool Comments(ReadOnlySpan<Comment> comments, int indent, bool setApart)
    {
        bool isApart = false;
        foreach (Comment comment in comments)
        {
            if (_followsLeftOut && !comment.OnNewLine) continue;
            _followsLeftOut = false;
            bool trails = !comment.OnNewLine && _text.Length > 0;
            if (trails) _text.Append(' ');
            else NewLine(indent, comment.BlankLineBefore || (setApart && !isApart));
            isApart |= !trails;
            _text.Append(CommentText.Of(comment, indent));
        }
        return isApart;
    }

    private void NewLine(int indent, bool blankLineBefore)
    {
        if (_text.Length > 0) _text.Append(blankLineBefore && !_beginsBlock ? "\n\n" : "\n");
        _text.Append(' ', indent);
        _beginsBlock = false;
    }
}
