using System.Globalization;
using System.Text;

namespace AuthzGraph.SchemaCompiler.Cel.Patterns;

/// <summary>
/// RE2's syntax → the framework's, by recursive descent. Every atom is written out so that it means one thing: classes as ranges, ends of
/// the text by name, characters beyond U+FFFF as pairs, letters under <c>(?i)</c> one by one. The first problem ends it.
/// </summary>
internal sealed class PatternTranslator(string text)
{
    private const int Nesting = 100;

    private int _position;
    private int _nesting;
    private string? _problem;
    private Flags _flags;

    private readonly record struct Flags(bool IgnoreCase, bool MultiLine, bool DotAll);

    /// <summary>What was translated, and how big it is with repetitions multiplied out.</summary>
    private readonly record struct Part(string Text, long Size, int Repetitions = 1)
    {
        public static Part Nothing { get; } = new("", 0);

        public static Part Atom(string text) => new(text, 1);

        /// <summary>To the engine a class that goes beyond U+FFFF is a choice between units and pairs of them.</summary>
        public static Part Class(string text) => new(text, text.Contains('|') ? 3 : 1);
    }

    public bool TryTranslate(out string translated, out int size, out string problem)
    {
        Part whole = text.Length > CelLimits.PatternSize ? Fail("it is too long") : Alternation();
        if (_problem is null && _position < text.Length) Fail("a `)` closes nothing");
        translated = whole.Text;
        size = (int)Math.Clamp(whole.Size, 1, CelLimits.PatternSize);
        problem = _problem is null ? "" : $"`{Syntax.Quoted.Short(text)}` is no pattern: {_problem}";
        return _problem is null;
    }

    private bool IsDone => _position >= text.Length || _problem is not null;

    private char Current => _position < text.Length ? text[_position] : '\0';

    private bool TryTake(string expected)
    {
        if (!text.AsSpan(_position).StartsWith(expected, StringComparison.Ordinal)) return false;
        _position += expected.Length;
        return true;
    }

    private Part Alternation()
    {
        if (++_nesting > Nesting) return Fail("it nests too deep");
        StringBuilder translated = new();
        Flags outer = _flags;
        long size = 0;
        int repetitions = 1;
        while (true)
        {
            while (!IsDone && Current is not ('|' or ')'))
            {
                Part part = Repeated();
                translated.Append(part.Text);
                size += part.Size;
                repetitions = Math.Max(repetitions, part.Repetitions);
            }
            if (IsDone || !TryTake("|")) break;
            translated.Append('|');
        }
        _nesting--;
        _flags = outer;
        return size > CelLimits.PatternSize ? Fail("it is too big") : new Part(translated.ToString(), size, repetitions);
    }

    private Part Repeated()
    {
        Part atom = Atom();
        if (_problem is not null || !TryReadQuantifier(out string quantifier, out int times)) return atom;
        if (TryTake("?")) quantifier += "?";
        if (Current is '*' or '+' or '?' && !IsDone) return Fail("a repetition is repeated without a group");
        int repetitions = Math.Max(1, times);
        if ((long)atom.Repetitions * repetitions > CelLimits.PatternRepetitions) return Fail($"it repeats more than {CelLimits.PatternRepetitions} times");
        if (atom.Text.Length == 0) return atom;
        return new Part($"(?:{atom.Text}){quantifier}", atom.Size * repetitions, atom.Repetitions * repetitions);
    }

    private bool TryReadQuantifier(out string quantifier, out int times)
    {
        times = 1;
        quantifier = "";
        if (IsDone) return false;
        if (Current is '*' or '+' or '?')
        {
            quantifier = text[_position++].ToString();
            return true;
        }
        int close = Current == '{' ? text.IndexOf('}', _position) : -1;
        if (close < 0) return false;
        string[] bounds = text[(_position + 1)..close].Split(',');
        if (bounds.Length > 2 || !TryCount(bounds[0], out int least)) return false;
        int most = least;
        if (bounds.Length == 2 && bounds[1].Length > 0 && !TryCount(bounds[1], out most)) return false;
        if (least > most || most > CelLimits.PatternRepetitions) Fail("a repetition has impossible bounds");
        quantifier = text[_position..(close + 1)];
        times = most;
        _position = close + 1;
        return true;
    }

    private static bool TryCount(string digits, out int count)
    {
        count = 0;
        if (digits.Length == 0 || !digits.All(char.IsAsciiDigit)) return false;
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out count)) count = int.MaxValue;
        return true;
    }

    private Part Atom()
    {
        switch (Current)
        {
            case '(': return Group();
            case '[': return Class();
            case '.': return Dot();
            case '\\': return Escape();
            case '^':
                _position++;
                return Part.Atom(_flags.MultiLine ? "(?m:^)" : @"\A");
            case '$':
                _position++;
                return Part.Atom(_flags.MultiLine ? "(?m:$)" : @"\z");
            case '*' or '+' or '?': return Fail("a repetition has nothing to repeat");
            default: return Literal(TakeCodePoint());
        }
    }

    private Part Dot()
    {
        _position++;
        CodePointSet none = new();
        return Part.Class((_flags.DotAll ? none : none.Add('\n', '\n')).ToPattern(isNegated: true));
    }

    private Part Literal(int code) => Part.Atom(Folded(CodePointSet.Escape(code)));

    private string Folded(string pattern) => _flags.IgnoreCase ? $"(?i:{pattern})" : pattern;

    private Part Group()
    {
        _position++;
        Flags outer = _flags;
        if (TryTake("?") && !TryTake(":"))
        {
            bool isNamed = TryTake("P<") || (Current == '<' && _position + 1 < text.Length && text[_position + 1] is not ('=' or '!') && TryTake("<"));
            if (isNamed) SkipName();
            else if (!TryReadFlags(out bool isGroup)) return Fail("a group of this kind is not part of RE2");
            else if (!isGroup) return Part.Nothing;     // the flags hold until the group around them ends
        }
        Part inner = Alternation();
        _flags = outer;
        if (!TryTake(")")) return Fail("a group is not closed");
        return inner with { Text = $"(?:{inner.Text})" };
    }

    private void SkipName()
    {
        int close = text.IndexOf('>', _position);
        bool isName = close > _position && text[_position..close].All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
        if (!isName) Fail("a group has a bad name");
        else _position = close + 1;
    }

    private bool TryReadFlags(out bool isGroup)
    {
        bool value = true;
        isGroup = false;
        for (; _position < text.Length; _position++)
        {
            switch (text[_position])
            {
                case 'i': _flags = _flags with { IgnoreCase = value }; break;
                case 'm': _flags = _flags with { MultiLine = value }; break;
                case 's': _flags = _flags with { DotAll = value }; break;
                case 'U': break;                        // which of several matches is found does not matter
                case '-' when value: value = false; break;
                case ':' or ')':
                    isGroup = text[_position++] == ':';
                    return true;
                default: return false;
            }
        }
        return false;
    }

    private Part Class()
    {
        ClassReader reader = new(text, _position);
        if (reader.TryRead(out CodePointSet set, out bool isNegated, out _position) is { } problem) return Fail(problem);
        return Part.Class(Folded(set.ToPattern(isNegated)));
    }

    private Part Escape()
    {
        if (TryTake(@"\A")) return Part.Atom(@"\A");
        if (TryTake(@"\z")) return Part.Atom(@"\z");
        if (TryTake(@"\Q")) return Quote();
        if (text.AsSpan(_position).StartsWith(@"\b") || text.AsSpan(_position).StartsWith(@"\B"))
            return Fail(@"`\b` and `\B` are not supported: write out which characters may stand there");
        ClassReader reader = new(text, _position);
        if (reader.TryReadEscape(out CodePointSet set, out int code, out _position) is { } problem) return Fail(problem);
        return code >= 0 ? Literal(code) : Part.Class(Folded(set.ToPattern(isNegated: false)));
    }

    private Part Quote()
    {
        StringBuilder quoted = new();
        int size = 0;
        for (; !IsDone && !TryTake(@"\E"); size++) quoted.Append(Literal(TakeCodePoint()).Text);
        return new Part(quoted.ToString(), size);
    }

    private int TakeCodePoint()
    {
        bool isPair = _position + 1 < text.Length && char.IsSurrogatePair(text[_position], text[_position + 1]);
        int code = isPair ? char.ConvertToUtf32(text, _position) : text[_position];
        _position += isPair ? 2 : 1;
        return code;
    }

    private Part Fail(string problem)
    {
        _problem ??= problem;
        return Part.Nothing;
    }
}
