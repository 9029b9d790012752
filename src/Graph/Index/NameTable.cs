using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;
using System.Text.Unicode;
using AuthzGraph.Graph.Index.Edges;
using AuthzGraph.Graph.Index.Memory;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Index;

/// <summary>
/// The object ids of one type and their numbers: dense, from 1, in the order first seen.
///
/// <code>
///   text ──hash──► slot: hash, entry ──► text in UTF-8
///   number ──► entry, how many edges mention it
/// </code>
///
/// The slot has the number, so a reader can go on with it while the text, which decides, is still on its way; and the text's place, so that the two
/// come side by side (<see cref="NameEntry"/>). A number that
/// no retained edge mentions any more is given out again, once no reader can hold it. One writer; readers take no lock but stay in
/// an epoch while they use a number.
/// </summary>
internal sealed unsafe class NameTable(string type, IndexMemory memory, NameHash hash, NumberPool pool) : IReusable
{
    /// <summary>How long a name may be in UTF-8.</summary>
    public const int MaxBytes = 1024;

    private const int RecentCount = 256;
    private const uint Released = uint.MaxValue;

    private readonly SplitTable _numbers = new(memory);
    private readonly PagedArray<Name> _names = new(memory);
    private readonly int _typeHash = type.GetHashCode(StringComparison.Ordinal);
    private Recent?[]? _recent;

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Name
    {
        public ulong Entry;         // a NameEntry; 0: the number is free
        public uint Mentions;       // Released: nothing finds it any more, and it waits in limbo
    }

    private sealed record Recent(uint Number, string Text);

    public string Type { get; } = type;

    /// <summary>Where an object's mark is (<see cref="WriteMarks"/>).</summary>
    public int MarkOf(uint number) => WriteMarks.PlaceOf(_typeHash, number);

    /// <summary>How many names there are.</summary>
    public uint Count { get; private set; }

    /// <summary>Its numbers.</summary>
    public NumberPool Numbers => pool;

    /// <inheritdoc cref="NumberPool.Last"/>
    public uint Last => pool.Last;

    /// <summary>What the log calls this type; 0 until the type is first written.</summary>
    public uint LogNumber { get; set; }

    /// <summary>The number of a name; 0 when it is not known.</summary>
    public uint Find(string name) => Find(HashOf(name), name);

    /// <summary>The hash of a name, to find it by; 0 if it has no form in UTF-8 of a length names have. Any thread may ask.</summary>
    public ulong HashOf(ReadOnlySpan<char> name) => name.Length <= MaxBytes && hash.TryOfAscii(name, out ulong known) ? known : HashOfAny(name);

    [SkipLocalsInit]
    private ulong HashOfAny(ReadOnlySpan<char> name)
    {
        Span<byte> text = stackalloc byte[MaxBytes];
        return Utf8.FromUtf16(name, text, out _, out int length, replaceInvalidSequences: false) == OperationStatus.Done ? hash.Of(text[..length]) : 0;
    }

    /// <summary>Has the processor fetch what tells where the slot of a hash is.</summary>
    public void PrefetchPart(ulong sought) => _numbers.PrefetchPart(sought);

    /// <summary>Once that is there: the slot.</summary>
    public void PrefetchSlot(ulong sought) => _numbers.Prefetch(sought);

    /// <summary>What a hash most likely means, its text unread and about to be fetched; none if no name has that hash.</summary>
    public NameEntry FindUnread(ulong sought)
    {
        if (sought == 0 || !_numbers.TryFind(sought, out ulong word)) return default;
        var entry = new NameEntry(word);
        if (Sse.IsSupported) Sse.Prefetch0(memory.Texts.At(entry.Text));
        return entry;
    }

    /// <summary>Whether it is the entry of this name.</summary>
    public bool IsOf(NameEntry entry, string name) => NameText.IsSame(TextOf(entry), name);

    /// <summary>The number of a name by its hash; 0 when it is not known.</summary>
    public uint Find(ulong sought, string name)
    {
        if (sought == 0) return 0;
        SplitMatches matches = _numbers.Find(sought);
        while (matches.MoveNext())
            if (new NameEntry(matches.Current) is var entry && IsOf(entry, name)) return entry.Number;
        return 0;
    }

    /// <summary>Has the processor fetch what is kept of a number, if it was ever given out.</summary>
    public void Prefetch(uint number)
    {
        if (Sse.IsSupported && number < _names.Length) Sse.Prefetch0(Unsafe.AsPointer(ref _names[number]));
    }

    /// <summary>The name of a number given out here. The latest asked for are kept as strings.</summary>
    public string this[uint number]
    {
        get
        {
            Recent?[] recent = LazyInitializer.EnsureInitialized(ref _recent, static () => new Recent?[RecentCount]);
            ref Recent? place = ref recent[number % RecentCount];
            if (Volatile.Read(ref place) is { } known && known.Number == number) return known.Text;
            string name = Encoding.UTF8.GetString(TextOf(number));
            Volatile.Write(ref place, new Recent(number, name));
            return name;
        }
    }

    /// <summary>The text of a number in UTF-8; empty when the number stands for nothing. Readers stay in their epoch while they use it.</summary>
    public ReadOnlySpan<byte> TextOf(uint number) => new NameEntry(Volatile.Read(ref _names[number].Entry)) is { IsNone: false } entry ? TextOf(entry) : [];

    /// <summary>Writer only: the number of a name, given out now if it has none; it may have been another's.</summary>
    /// <param name="sought">The name's hash.</param>
    public uint Add(ulong sought, string name, out bool added, out bool reused)
    {
        uint number = Find(sought, name);
        reused = false;
        added = number == 0;
        if (!added) return number;
        number = pool.Take(out reused);
        Bind(number, name);
        return number;
    }

    /// <summary>Writer only: a number that stands for nothing stands for a name from here on.</summary>
    [SkipLocalsInit]
    public void Bind(uint number, string name)
    {
        Invariant.That(number > 0 && number <= pool.Most);
        _names.Reach(number);
        Invariant.That(_names[number].Entry == 0);
        Span<byte> room = stackalloc byte[MaxBytes];
        ReadOnlySpan<byte> text = room[..Encoding.UTF8.GetBytes(name, room)];
        Invariant.That(!text.IsEmpty);
        ushort* block = (ushort*)memory.Texts.Allocate(WordsFor(text.Length));
        *block = (ushort)text.Length;
        text.CopyTo(new Span<byte>(block + 1, text.Length));
        ulong entry = NameEntry.Of(number, memory.Texts.PlaceOf((uint*)block)).Word;
        Volatile.Write(ref _names[number].Entry, entry);
        _numbers.Add(hash.Of(text), entry);
        pool.Use(number);
        Count++;
    }

    /// <summary>Whether a number stands for a name.</summary>
    public bool IsBound(uint number) => number != 0 && number < _names.Length && _names[number].Entry != 0;

    /// <summary>Writer only: one more edge mentions the number.</summary>
    public void Mention(uint number)
    {
        Invariant.That(IsBound(number));
        _names[number].Mentions++;
    }

    /// <summary>Writer only: one edge less mentions the number; with the last, the number is freed.</summary>
    public void Unmention(uint number)
    {
        if (--_names[number].Mentions == 0 && !pool.KeepsUnmentioned) Release(number);
    }

    /// <summary>Writer only: frees what was kept although nothing mentions it, some of it with every step.</summary>
    public IEnumerable<uint> ReleaseUnmentioned() => pool.Settle(number =>
    {
        if (!IsBound(number)) pool.GiveBack(number);
        else if (_names[number].Mentions == 0) Release(number);
    });

    /// <summary>Writer only: the number stands for nothing at once, there being no reader.</summary>
    public void Unbind(uint number)
    {
        Forget(number);
        ((IReusable)this).Reuse(number, 0);
    }

    void IReusable.Reuse(ulong what, int size)
    {
        var number = (uint)what;
        ref Name name = ref _names[number];
        uint* text = memory.Texts.At(new NameEntry(name.Entry).Text);
        memory.Texts.Free(text, WordsFor(*(ushort*)text));
        name = default;
        if (_recent is { } recent && recent[number % RecentCount]?.Number == number) recent[number % RecentCount] = null;
        pool.GiveBack(number);
    }

    private void Release(uint number)
    {
        Forget(number);
        _names[number].Mentions = Released;
        memory.Limbo.Retire(this, number);
    }

    private void Forget(uint number)
    {
        _numbers.Remove(hash.Of(TextOf(number)), _names[number].Entry);
        Count--;
    }

    private ReadOnlySpan<byte> TextOf(NameEntry entry)
    {
        ushort* text = (ushort*)memory.Texts.At(entry.Text);
        return new ReadOnlySpan<byte>(text + 1, *text);
    }

    private static int WordsFor(int bytes) => (sizeof(ushort) + bytes + 3) / 4;
}
