using AuthzGraph.Graph.Index.Memory;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Index;

/// <summary>
/// Caveats with the contexts they were written with, and their numbers: dense, from 1; 0 stands for no caveat. Equal texts
/// share a number. A number that no retained edge mentions any more is given out again. One writer; readers take no lock, since a
/// grown list is published whole.
/// </summary>
internal sealed class CaveatTable(Limbo limbo) : IReusable
{
    private const int ReleasedInOneStep = 1024;
    private const int Released = -1;

    private readonly Dictionary<string, uint> _numbers = new(StringComparer.Ordinal);
    private readonly Stack<uint> _free = [];
    private Stored?[] _caveats = new Stored?[16];
    private uint _last;

    /// <summary>One caveat as long as it has its number: another object, another caveat.</summary>
    internal sealed class Stored(CaveatRef caveat, string text)
    {
        public CaveatRef Caveat => caveat;
        public string Text => text;
        public int Mentions { get; set; }       // Released: nothing finds it any more, and it waits in limbo
    }

    /// <inheritdoc cref="NameTable.KeepsUnmentioned"/>
    public bool KeepsUnmentioned { get; set; }

    /// <summary>The greatest number ever given out.</summary>
    public uint Last => _last;

    public int Count => _numbers.Count;

    public CaveatRef this[uint number] => At(number).Caveat;

    /// <summary>What a number stands for.</summary>
    public Stored At(uint number) => Volatile.Read(ref _caveats)[number] ?? throw new InvariantException("a caveat's number is one that was given out");

    public bool IsBound(uint number) => number != 0 && number < _caveats.Length && _caveats[number] is not null;

    /// <summary>Writer only: the number of a caveat, given out now if it has none; it may have been another's.</summary>
    public uint Add(CaveatRef caveat, out bool added, out bool reused)
    {
        string text = caveat.ToString();
        added = !_numbers.TryGetValue(text, out uint number);
        reused = false;
        if (!added) return number;
        reused = TryTakeFree(out number);
        if (!reused) number = _last + 1;
        Bind(number, caveat);
        return number;
    }

    /// <summary>Writer only: a number that stands for nothing stands for a caveat from here on.</summary>
    public void Bind(uint number, CaveatRef caveat)
    {
        Invariant.That(number != 0 && !IsBound(number));
        if (number >= _caveats.Length)
        {
            var grown = new Stored?[System.Numerics.BitOperations.RoundUpToPowerOf2(number + 1)];
            _caveats.CopyTo(grown, 0);
            Volatile.Write(ref _caveats, grown);
        }
        string text = caveat.ToString();
        Volatile.Write(ref _caveats[number], new Stored(caveat, text));
        _numbers.Add(text, number);
        _last = Math.Max(_last, number);
    }

    /// <summary>Writer only: so many more versions mention the number; with the last, it is freed.</summary>
    public void Mention(uint number, int change)
    {
        Stored stored = At(number);
        stored.Mentions += change;
        if (stored.Mentions == 0 && !KeepsUnmentioned) Release(number);
    }

    /// <summary>Writer only: a number that nothing mentions stands for nothing at once, there being no reader.</summary>
    /// <returns>False if versions still mention it.</returns>
    public bool TryUnbind(uint number)
    {
        if (At(number).Mentions > 0) return false;
        _numbers.Remove(At(number).Text);
        _caveats[number] = null;
        return true;
    }

    /// <summary>The number of a caveat; 0 when it is not known.</summary>
    public uint Find(CaveatRef caveat) => _numbers.GetValueOrDefault(caveat.ToString());

    /// <inheritdoc cref="NameTable.ReleaseUnmentioned"/>
    public IEnumerable<uint> ReleaseUnmentioned()
    {
        uint last = _last;
        for (uint number = 1; number <= last; number++)
        {
            if (!IsBound(number)) _free.Push(number);
            else if (At(number).Mentions == 0) Release(number);
            if (number % ReleasedInOneStep == 0) yield return number;
        }
    }

    /// <summary>The caveat of a text that <see cref="CaveatRef.ToString"/> gave.</summary>
    public static CaveatRef Parse(string text) =>
        CaveatRef.TryParse(text, out CaveatRef caveat) ? caveat : throw new StoreFailedException($"the log is inconsistent: `{text}` is no caveat");

    void IReusable.Reuse(ulong what, int size)
    {
        _caveats[what] = null;
        _free.Push((uint)what);
    }

    private void Release(uint number)
    {
        _numbers.Remove(At(number).Text);
        At(number).Mentions = Released;
        limbo.Retire(this, number);
    }

    private bool TryTakeFree(out uint number)
    {
        while (_free.TryPop(out number))
            if (!IsBound(number)) return true;
        return false;
    }
}
