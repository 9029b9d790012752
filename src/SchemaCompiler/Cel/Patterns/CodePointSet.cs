using System.Globalization;
using System.Text;

namespace AuthzGraph.SchemaCompiler.Cel.Patterns;

/// <summary>A class of characters by code point, and how the framework's engine, which sees UTF-16, is told of it.</summary>
internal sealed class CodePointSet
{
    private const int LastOfPlane0 = 0xFFFF;
    private const int Last = 0x10FFFF;

    private readonly List<(int First, int Last)> _ranges = [];

    public CodePointSet Add(int first, int last)
    {
        _ranges.Add((first, last));
        return this;
    }

    public CodePointSet Add(CodePointSet other)
    {
        _ranges.AddRange(other._ranges);
        return this;
    }

    public CodePointSet Complement()
    {
        CodePointSet complement = new();
        int next = 0;
        foreach ((int first, int last) in InOrder())
        {
            if (first > next) complement.Add(next, first - 1);
            next = Math.Max(next, last + 1);
        }
        return next > Last ? complement : complement.Add(next, Last);
    }

    /// <param name="isNegated">Everything else; other than <see cref="Complement"/> it may stand within <c>(?i:…)</c>.</param>
    public string ToPattern(bool isNegated)
    {
        StringBuilder plane0 = new();
        foreach ((int first, int last) in InOrder()) AppendOfPlane0(plane0, first, Math.Min(last, LastOfPlane0));
        List<string> alternatives = isNegated ? [$@"[^{plane0}\uD800-\uDFFF]"] : plane0.Length > 0 ? [$"[{plane0}]"] : [];
        alternatives.AddRange((isNegated ? Complement() : this).Pairs());
        return alternatives.Count == 0 ? @"[^\s\S]" : $"(?:{string.Join('|', alternatives)})";
    }

    /// <summary>What lies beyond U+FFFF: the first halves that share the same second halves stand together, since few and large classes are cheap.</summary>
    private IEnumerable<string> Pairs()
    {
        SortedDictionary<char, StringBuilder> seconds = [];
        foreach ((int first, int last) in InOrder())
        {
            for (int start = Math.Max(first, LastOfPlane0 + 1); start <= last; start = (start | 0x3FF) + 1)
            {
                string low = char.ConvertFromUtf32(start), high = char.ConvertFromUtf32(Math.Min(last, start | 0x3FF));
                if (!seconds.TryGetValue(low[0], out StringBuilder? lows)) seconds.Add(low[0], lows = new StringBuilder());
                lows.Append(Unit(low[1])).Append('-').Append(Unit(high[1]));
            }
        }
        return from pair in seconds
               group Unit(pair.Key) by pair.Value.ToString() into same
               select $"[{string.Concat(same)}][{same.Key}]";
    }

    public static string Escape(int code) => code > LastOfPlane0
        ? $"(?:{Unit(char.ConvertFromUtf32(code)[0])}{Unit(char.ConvertFromUtf32(code)[1])})"
        : Unit((char)code);

    private static string Unit(char unit) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:X4}");

    private static void AppendOfPlane0(StringBuilder pattern, int first, int last)
    {
        if (first < 0xD800 && last > 0xDFFF)
        {
            AppendOfPlane0(pattern, first, 0xD7FF);
            AppendOfPlane0(pattern, 0xE000, last);
        }
        else if (first is >= 0xD800 and <= 0xDFFF) AppendIfAny(pattern, 0xE000, last);
        else AppendIfAny(pattern, first, last is >= 0xD800 and <= 0xDFFF ? 0xD7FF : last);
    }

    private static void AppendIfAny(StringBuilder pattern, int first, int last)
    {
        if (first <= last) pattern.Append(Unit((char)first)).Append('-').Append(Unit((char)last));
    }

    private IEnumerable<(int First, int Last)> InOrder()
    {
        (int First, int Last)? open = null;
        foreach ((int first, int last) in _ranges.Order())
        {
            if (open is { } range && first <= range.Last + 1)
            {
                open = (range.First, Math.Max(range.Last, last));
                continue;
            }
            if (open is { } whole) yield return whole;
            open = (first, last);
        }
        if (open is { } rest) yield return rest;
    }
}
