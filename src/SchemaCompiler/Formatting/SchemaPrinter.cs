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

    private readonly SchemaSyntax _syntax;
    private readonly StatementLayout _layout;
    private readonly StringBuilder _text = new();
    private bool _beginsBlock = true;       // no blank line follows the start of the text or of a definition

    private SchemaPrinter(SchemaSyntax syntax)
    {
        _syntax = syntax;
        _layout = new StatementLayout(syntax.Tokens);
    }

    public static string Print(SchemaSyntax syntax)
    {
        SchemaPrinter printer = new(syntax);
        foreach (UseSyntax use in syntax.Uses) printer.Line(use.Tokens, 0, false);
        foreach (TopLevelSyntax topLevel in syntax.TopLevel) printer.TopLevel(topLevel);
        printer.Comments(syntax.Tokens[^1].Comments, 0, false);
        if (printer._text.Length > 0) printer._text.Append('\n');
        return printer._text.ToString();
    }

    private void TopLevel(TopLevelSyntax syntax)
    {
        if (syntax is DefinitionSyntax definition) Definition(definition);
        if (syntax is CaveatSyntax caveat) Caveat(caveat);
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
        Token closeBrace = _syntax.Tokens[definition.CloseBrace];
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
        Token first = _syntax.Tokens[tokens.Start];
        bool isApart = Comments(first.Comments, indent, setApart);
        NewLine(indent, first.BlankLineBefore || (setApart && !isApart));
        _layout.Append(_text, tokens, indent);
    }

    /// <summary>Prints what stands before a line; whether that already set the line apart.</summary>
    private bool Comments(ImmutableArray<Comment> comments, int indent, bool setApart)
    {
        bool isApart = false;
        foreach (Comment comment in comments)
        {
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
