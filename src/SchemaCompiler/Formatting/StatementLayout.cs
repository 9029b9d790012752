using System.Collections.Immutable;
using System.Text;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Formatting;

/// <summary>
/// Lays out the tokens of one statement: spaces by kind of token, and new lines only where the lexer sees no end of the
/// statement, that is after an operator when the line would grow too long, and after a <c>//</c> comment.
/// </summary>
internal static class StatementLayout
{
    private const int MaxColumns = 120;
    private const int Continuation = 4;

    /// <summary>Appends the tokens where a line has been begun; comments before the first one are the caller's.</summary>
    public static void Append(StringBuilder text, TokenRange range, int indent)
    {
        TokenList tokens = range.All;
        Line line = new(text, indent + Continuation);
        Token previous = range.First;
        line.Add(previous.Text);
        for (int i = range.Start + 1; i < range.End; i++)
        {
            if (IsRedundantEllipsis(tokens, i, range.End)) i += 2;
            if (i >= range.End) break;
            Token token = tokens[i];
            if (token.Kind == TokenKind.Terminator) continue;
            foreach (Comment comment in token.Comments) line.AddComment(comment);
            bool isSpaced = token.Comments.IsEmpty ? IsSpaced(previous.Kind, token.Kind) : !HugsLeft(token.Kind);
            bool isSplat = previous.Kind == TokenKind.Ellipsis && i == range.Start + 1 && token.Comments.IsEmpty;
            line.Add(isSpaced && !isSplat ? $" {token.Text}" : token.Text);
            if (IsOperator(token.Kind)) line.MayBreak();
            previous = token;
        }
        line.MayBreak();
    }

    /// <summary><c>#...</c> says nothing. It stays where comments are near, since a newline may be safe only behind it.</summary>
    private static bool IsRedundantEllipsis(TokenList tokens, int i, int end) =>
        i + 1 < end && tokens[i].Kind == TokenKind.Hash && tokens[i + 1].Kind == TokenKind.Ellipsis
        && tokens[i].Comments.IsEmpty && tokens[i + 1].Comments.IsEmpty && (i + 2 == end || tokens[i + 2].Comments.IsEmpty);

    private static bool IsSpaced(TokenKind left, TokenKind right)
    {
        if (right == TokenKind.Star) return left != TokenKind.Colon;
        if (right == TokenKind.OpenParenthesis) return left is not (TokenKind.Word or TokenKind.OpenParenthesis);
        return !HugsLeft(right) && !HugsRight(left);
    }

    private static bool HugsLeft(TokenKind kind) =>
        kind is TokenKind.Comma or TokenKind.CloseParenthesis or TokenKind.CloseAngle or TokenKind.Colon || HugsBoth(kind);

    private static bool HugsRight(TokenKind kind) => kind is TokenKind.OpenParenthesis || HugsBoth(kind);

    private static bool HugsBoth(TokenKind kind) =>
        kind is TokenKind.Arrow or TokenKind.Dot or TokenKind.Hash or TokenKind.Slash or TokenKind.OpenAngle;

    private static bool IsOperator(TokenKind kind) =>
        kind is TokenKind.Comma or TokenKind.Pipe or TokenKind.Plus or TokenKind.Ampersand or TokenKind.Minus;

    /// <summary>Gathers text up to a place where the line may break, then decides whether it does.</summary>
    private sealed class Line(StringBuilder text, int continuation)
    {
        private readonly StringBuilder _piece = new();
        private bool _isFresh = true;       // nothing but indentation on it

        public void Add(string piece) => _piece.Append(_isFresh && _piece.Length == 0 ? piece.TrimStart() : piece);

        public void AddComment(Comment comment)
        {
            Add($" {CommentText.Of(comment, continuation)}");
            if (!comment.EndsItsLine) return;
            MayBreak();
            NewLine();
        }

        public void MayBreak()
        {
            if (_piece.Length == 0) return;
            string piece = _piece.ToString();
            if (!_isFresh && Column + Width(piece) > MaxColumns)
            {
                NewLine();
                piece = piece.TrimStart();
            }
            text.Append(piece);
            _piece.Clear();
            _isFresh = false;
        }

        private void NewLine()
        {
            text.Append('\n').Append(' ', continuation);
            _isFresh = true;
        }

        private static int Width(string piece) => piece.IndexOf('\n') is var newline and >= 0 ? newline : piece.Length;

        private int Column
        {
            get
            {
                int column = 0;
                while (column < text.Length && text[text.Length - 1 - column] != '\n') column++;
                return column;
            }
        }
    }
}
